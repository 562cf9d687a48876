using SubnetVpn.Bench;
using SubnetVpn.Bench.Crowd;

if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
{
    Console.Error.WriteLine("The bench makes network namespaces and TUN devices: run it as root on Linux (sudo tests/bench/run).");
    return 2;
}

if (args is [CrowdProgram.Name, ..])
    return await CrowdProgram.RunAsync(args);

// Ctrl-C and SIGTERM end the run after what is measured at that moment: namespaces and processes are not left behind.
return await Settings.Command(Bench.RunAsync).Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
