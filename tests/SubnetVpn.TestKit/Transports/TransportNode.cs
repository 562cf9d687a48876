using SubnetVpn.Streams;

namespace SubnetVpn.TestKit.Transports;

/// <summary>A transport under test with who it is and where it listens.</summary>
/// <param name="Peer">Who it is.</param>
/// <param name="Transport">The transport.</param>
/// <param name="Addresses">Where it listens; empty when it only dials.</param>
public sealed record TransportNode(PeerId Peer, ITransport Transport, IReadOnlyList<string> Addresses)
{
    /// <summary>How others reach it.</summary>
    public PeerEndpoint Endpoint => new(Peer, Addresses);

    /// <summary>Opens a stream; fails the test when that is not possible.</summary>
    /// <param name="to">The other node.</param>
    /// <param name="protocol">The protocol id.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    /// <param name="lane">The lane.</param>
    public async Task<IVpnStream> OpenAsync(TransportNode to, string protocol, CancellationToken cancellationToken, int lane = 0)
    {
        ArgumentNullException.ThrowIfNull(to);
        var result = await Transport.OpenStreamAsync(to.Endpoint, new StreamRequest([protocol]) { Lane = lane }, cancellationToken);
        Assert.True(result.Failure == OpenStreamFailure.None, $"{result.Failure}: {result.Detail}");
        return result.Stream!;
    }
}
