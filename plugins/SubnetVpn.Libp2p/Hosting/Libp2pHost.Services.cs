using System.Diagnostics.CodeAnalysis;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Identify;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Ping;

namespace SubnetVpn.Libp2p.Hosting;

/// <summary>Identify and ping.</summary>
public sealed partial class Libp2pHost
{
    /// <summary>What a connected peer says about itself. Comes shortly after its first connection; goes with the last.</summary>
    public bool TryGetPeerInfo(PeerId peer, [NotNullWhen(true)] out PeerInfo? info)
    {
        info = _peers.GetInfo(peer);
        return info is not null;
    }

    /// <summary>Measures a round trip to a connected peer, through all of libp2p. Waits at most 10 s.</summary>
    public Task<PingResult> PingAsync(PeerId peer, CancellationToken cancellationToken)
    {
        Libp2pConnection? connection = _peers.Pick(peer, 0, dial: null, out _, out _);
        return connection is null
            ? Task.FromResult(PingResult.Failed(DialFailure.NoAddress, "there is no connection with the peer"))
            : _ping.PingAsync(connection, cancellationToken);
    }

    /// <summary>A connected peer said who it is, or that something changed. Handlers are fast and do not throw.</summary>
    internal event Action<PeerInfo>? PeerIdentified;

    internal void SetPeerInfo(PeerInfo info)
    {
        _peers.SetInfo(info);
        PeerIdentified?.Invoke(info);
    }

    private void OnAnnouncementChanged()
    {
        if (_disposed == 0)
        {
            _identify.SchedulePush(_tasks.Run, _stoppingToken);
        }
    }
}
