using SubnetVpn.Streams;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Plugins.Tests.TransportMemory;

/// <summary>Two nodes of a memory network.</summary>
internal sealed class MemoryLab : IAsyncDisposable
{
    public const string Protocol = "/test/1.0.0";

    public MemoryLab(TimeProvider time, MemoryLinkSettings? link = null, int seed = 1)
    {
        Network = new MemoryNetwork(time, link, seed);
        One = Join(1);
        Other = Join(2);
        Acceptor = new StreamAcceptor(Other.Transport, Protocol);
    }

    public MemoryNetwork Network { get; }

    public TransportNode One { get; }

    /// <summary>Listens at <c>/memory/2</c>.</summary>
    public TransportNode Other { get; }

    public StreamAcceptor Acceptor { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public TransportNode Join(int number)
    {
        var transport = Network.CreateTransport(TestPeers.Create(number));
        return new TransportNode(transport.Peer, transport, transport.ListenAsync([$"/memory/{number}"], Token).Now());
    }

    public ValueTask<OpenStreamResult> OpenAsync() => One.Transport.OpenStreamAsync(Other.Endpoint, new StreamRequest([Protocol]), Token);

    public async Task<(IVpnStream Opened, IVpnStream Accepted)> ConnectAsync(ManualTimeProvider? clock = null)
    {
        var opening = OpenAsync().AsTask();
        if (clock is not null)
            await clock.RunUntilAsync(opening);
        var result = await opening;
        Assert.Equal(OpenStreamFailure.None, result.Failure);
        return (result.Stream!, await Acceptor.NextAsync(Token));
    }

    public async ValueTask DisposeAsync()
    {
        Acceptor.Dispose();
        await One.Transport.DisposeAsync();
        await Other.Transport.DisposeAsync();
    }
}
