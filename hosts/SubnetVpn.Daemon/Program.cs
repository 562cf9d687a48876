using SubnetVpn.Daemon;

return await DaemonCommand.RunAsync(args);
