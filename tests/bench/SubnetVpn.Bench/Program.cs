using SubnetVpn.Bench;

if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
{
    Console.Error.WriteLine("The bench makes network namespaces and TUN devices: run it as root on Linux (sudo tests/bench/run).");
    return 2;
}

return await Settings.Command(Bench.RunAsync).Parse(args).InvokeAsync();
