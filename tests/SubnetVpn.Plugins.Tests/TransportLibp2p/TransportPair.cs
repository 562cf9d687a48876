using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Libp2p;

namespace SubnetVpn.Plugins.Tests.TransportLibp2p;

/// <summary>Two libp2p transports on loopback, the second of which listens and takes streams.</summary>
internal sealed class TransportPair : IAsyncDisposable
{
    public const string Protocol = "/test/1.0.0";

    private readonly NodeIdentity _firstIdentity = NodeIdentity.Generate();
    private readonly NodeIdentity _secondIdentity = NodeIdentity.Generate();
    private readonly ConcurrentQueue<IVpnStream> _accepted = new();
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TransportPair(TimeProvider time, Libp2pTransportOptions? options)
    {
        First = new Libp2pTransport(options ?? new Libp2pTransportOptions(), _firstIdentity, NoSubnets.Instance, time, NullLoggerFactory.Instance, FirstMeters);
        Second = new Libp2pTransport(options ?? new Libp2pTransportOptions(), _secondIdentity, NoSubnets.Instance, time, NullLoggerFactory.Instance, SecondMeters);
        Second.HandleStreams(Protocol, async (stream, cancellationToken) =>
        {
            _accepted.Enqueue(stream);
            await _release.Task.WaitAsync(cancellationToken);
        });
    }

    public ScopedMeters FirstMeters { get; } = new();

    public ScopedMeters SecondMeters { get; } = new();

    public Libp2pTransport First { get; }

    public Libp2pTransport Second { get; }

    public PeerId FirstPeer => _firstIdentity.Id;

    public PeerEndpoint SecondEndpoint { get; private set; } = null!;

    public static async Task<TransportPair> CreateAsync(CancellationToken cancellationToken, TimeProvider? time = null, Libp2pTransportOptions? options = null)
    {
        var pair = new TransportPair(time ?? TimeProvider.System, options);
        var addresses = await pair.Second.ListenAsync(["/ip4/127.0.0.1/tcp/0"], cancellationToken);
        pair.SecondEndpoint = new PeerEndpoint(pair._secondIdentity.Id, addresses);
        return pair;
    }

    public async Task<(IVpnStream Opened, IVpnStream Accepted)> OpenAsync(CancellationToken cancellationToken)
    {
        var result = await First.OpenStreamAsync(SecondEndpoint, new StreamRequest([Protocol]), cancellationToken);
        Assert.True(result.Failure == OpenStreamFailure.None, $"{result.Failure}: {result.Detail}");
        IVpnStream? accepted = null;
        await Eventually.TrueAsync(() => _accepted.TryDequeue(out accepted));
        return (result.Stream!, accepted!);
    }

    public async ValueTask DisposeAsync()
    {
        _release.TrySetResult();
        await First.DisposeAsync();
        await Second.DisposeAsync();
        _firstIdentity.Dispose();
        _secondIdentity.Dispose();
    }
}
