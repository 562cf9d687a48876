using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Membership;
using SubnetVpn.Discovery;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Addresses;

/// <summary>What an address guard needs.</summary>
internal sealed record AddressGuardContext
{
    public required NetworkSettings Settings { get; init; }

    public required PeerId Self { get; init; }

    /// <summary>Asks who else claims an address.</summary>
    public required AddressQuestion Question { get; init; }

    /// <summary>What a source told of a peer; null when it holds no longer.</summary>
    public required Func<PeerId, string, PeerMapping?> FindTold { get; init; }

    /// <summary>Asks a peer what it says of itself.</summary>
    public required Func<PeerEndpoint, CancellationToken, ValueTask<HelloAnswer>> AskPeer { get; init; }

    /// <summary>Where conflicts are noted.</summary>
    public required AddressHistory History { get; init; }

    /// <summary>An address is lost. Called once.</summary>
    public required Action<AddressLoss> Lost { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }
}
