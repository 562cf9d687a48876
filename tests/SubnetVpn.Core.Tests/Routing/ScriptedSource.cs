using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Tests.Routing;

/// <summary>A source that does what the test says, and notes that it was asked.</summary>
internal sealed class ScriptedSource(string name, List<string> asked, Func<CancellationToken, ValueTask<PeerLookup>> answer) : IPeerDiscovery
{
    public ValueTask<PeerLookup> FindPeerAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        lock (asked)
            asked.Add(name);
        return answer(cancellationToken);
    }

    public ValueTask<AnnounceOutcome> AnnounceAsync(PeerMapping self, CancellationToken cancellationToken) => new(AnnounceOutcome.NotSupported);
}
