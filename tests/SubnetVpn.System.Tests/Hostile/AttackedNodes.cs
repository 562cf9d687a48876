using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests.Hostile;

/// <summary>A node that is attacked, a node that is its friend, and a machine with a peer of theirs that is neither's.</summary>
public sealed class AttackedNodes : IAsyncLifetime
{
    private Lab? _lab;
    private HostilePeer? _peer;
    private Relay? _relay;

    public LabNode Target { get; private set; } = null!;

    public LabNode Friend { get; private set; } = null!;

    /// <summary>The machine that attacks come from.</summary>
    public LabMachine Attacker => _lab!.Machines[2];

    internal HostilePeer Peer => _peer!;

    internal Relay Relay => _relay!;

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess || !OperatingSystem.IsLinux())
        {
            return; // Each test says so itself: a fixture cannot skip.
        }

        _lab = await Lab.CreateAsync("abc");
        (Target, Friend) = await _lab.AddPairAsync(settings => settings with { Vpn = ["unallowed_ports: [2222]"] });
        _peer = _lab.Own(new HostilePeer());
        _relay = _lab.Own(new Relay(Attacker.Namespace, Target.ListenEndPoint));
        Target.Knows(new LabPeer(_peer.PeerId, [], ["10.77.0.3"]));
        await Task.WhenAll(Target.StartAsync(), Friend.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    /// <summary>
    /// Attacks while the friend pings the target, which must lose nothing, then waits until <c>status</c> shows the
    /// reason with a higher count than before.
    /// </summary>
    internal async Task AssertHoldsAsync(string reason, Func<Task> attack)
    {
        var before = (await Target.StatusAsync()).Sum(reason);
        var ping = Ping.RunAsync(Friend.Machine.Namespace, Target.VirtualIp, count: 50, interval: "0.01");
        await attack();
        (await ping).AssertLossless(Target);

        var status = await Target.StatusAsync();
        await Eventually.TrueAsync(
            async () => (status = await Target.StatusAsync()).Sum(reason) > before,
            $"status counts {reason}",
            () => $"It shows:\n{status}\n{Target.Log}");
        Assert.False(Target.Process.HasExited);
        Assert.DoesNotContain("\n   at ", Target.Log, StringComparison.Ordinal);
    }
}
