namespace SubnetVpn.Cli.Demo.Namespaces;

/// <summary>Two network namespaces joined by a veth. Disposing of it removes them, with all that is in them.</summary>
internal sealed class NamespaceLab : IAsyncDisposable
{
    private readonly List<string> _made = [];

    private NamespaceLab()
    {
    }

    // The process id keeps demos that run at the same time apart.
    public NetworkNamespace A { get; } = new($"svpn-demo-{Environment.ProcessId}-a");

    public NetworkNamespace B { get; } = new($"svpn-demo-{Environment.ProcessId}-b");

    /// <summary>The address of each namespace on the veth; the range is for tests of networks (RFC 2544).</summary>
    public static string UnderlayOf(DemoNode node) => node.Name == "a" ? "198.18.0.1" : "198.18.0.2";

    /// <summary>Why this machine cannot do it; null when it can.</summary>
    public static async Task<string?> FindObstacleAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            return "network namespaces are a thing of Linux";
        if (!Environment.IsPrivilegedProcess)
            return "this is not root, and TUN devices and namespaces need root";
        if (!File.Exists("/dev/net/tun"))
            return "there is no /dev/net/tun (modprobe tun; in a container: --device /dev/net/tun)";
        if (await CommandLineTool.RunAsync("ip", ["-V"], cancellationToken) is { } noIp)
            return $"{noIp} (install iproute2)";
        // Root in a container may lack the right all the same: try it.
        var probe = $"svpn-demo-{Environment.ProcessId}-try";
        if (await CommandLineTool.RunAsync("ip", ["netns", "add", probe], CancellationToken.None) is { } refused)
            return refused;
        return await CommandLineTool.RunAsync("ip", ["netns", "del", probe], CancellationToken.None);
    }

    /// <summary>Makes the namespaces and joins them.</summary>
    public static async Task<NamespaceLab> CreateAsync(DemoNode a, DemoNode b, CancellationToken cancellationToken)
    {
        var lab = new NamespaceLab();
        try
        {
            foreach (var name in new[] { lab.A.Name, lab.B.Name })
            {
                await IpAsync($"netns add {name}", cancellationToken);
                lab._made.Add(name);
            }
            await IpAsync($"link add wire0 netns {lab.A.Name} type veth peer name wire0 netns {lab.B.Name}", cancellationToken);
            foreach (var (place, node) in new[] { (lab.A, a), (lab.B, b) })
            {
                await IpAsync($"-n {place.Name} addr add {UnderlayOf(node)}/24 dev wire0", cancellationToken);
                await IpAsync($"-n {place.Name} link set lo up", cancellationToken);
                await IpAsync($"-n {place.Name} link set wire0 up", cancellationToken);
            }
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _made)
            if (await CommandLineTool.RunAsync("ip", ["netns", "del", name], CancellationToken.None) is { } left)
                await Console.Error.WriteLineAsync($"warning: the namespace {name} could not be removed: {left}");
        _made.Clear();
    }

    private static async Task IpAsync(string arguments, CancellationToken cancellationToken)
    {
        // Between two steps only: a step that is cut off may have made something that nobody removes.
        cancellationToken.ThrowIfCancellationRequested();
        if (await CommandLineTool.RunAsync("ip", arguments.Split(' '), CancellationToken.None) is { } error)
            throw DemoFault.Because($"the namespaces cannot be set up: {error}");
    }
}
