using SubnetVpn.Cli.Demo.InProcess;
using SubnetVpn.Cli.Demo.Namespaces;
using SubnetVpn.Core.Hosting.CommandLine;

namespace SubnetVpn.Cli.Demo;

/// <summary>Chooses how two nodes can run on this machine, and runs them.</summary>
internal sealed class DemoRunner(DemoScreen screen, TimeProvider time)
{
    private const int RealSize = 256;
    private const int MemorySize = 32;

    public async Task<int> RunAsync(bool inProcess, int? megabytes, CancellationToken cancellationToken)
    {
        screen.Title("SubnetVpn demo: two nodes on this machine, a ping and a transfer between them.");
        using var folder = new DemoFolder();
        var obstacle = inProcess ? "asked for with --in-process" : await NamespaceLab.FindObstacleAsync(cancellationToken);
        if (obstacle is null)
        {
            screen.Step("how", "real TUN devices in two network namespaces, joined by a veth; each node is a daemon of its own");
            await new NamespaceDemo(screen, folder, time).RunAsync((megabytes ?? RealSize) * 1024 * 1024, cancellationToken);
        }
        else
        {
            screen.Step("how", $"both nodes in one process, with memory TUN devices, because: {obstacle}");
            screen.Step("", "libp2p between them is real: TCP on the loopback device, Noise, yamux");
            await new InProcessDemo(screen, folder, time).RunAsync((megabytes ?? MemorySize) * 1024 * 1024, cancellationToken);
        }
        screen.Title("All is well, and everything was removed again.");
        return ExitCode.Success;
    }
}
