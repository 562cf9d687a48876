using SubnetVpn.Cli;

return await CliCommand.RunAsync(args);
