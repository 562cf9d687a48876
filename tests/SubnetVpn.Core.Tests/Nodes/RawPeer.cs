using System.Threading.Channels;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>A peer without a node: a transport whose streams the test reads and writes byte by byte.</summary>
internal sealed class RawPeer : IAsyncDisposable
{
    private readonly Channel<IVpnStream> _accepted = Channel.CreateBounded<IVpnStream>(64);
    private readonly TaskCompletionSource _done = new();
    private readonly MemoryTransport _transport;

    public RawPeer(MemoryNetwork network, string name, params string[] protocols)
    {
        Peer = TestPeers.Named(name);
        _transport = network.CreateTransport(Peer);
        foreach (var protocol in protocols)
            _transport.HandleStreams(protocol, async (stream, _) =>
            {
                await _accepted.Writer.WriteAsync(stream, CancellationToken.None);
                await _done.Task;
            });
        Name = name;
    }

    public string Name { get; }

    public PeerId Peer { get; }

    public async Task ListenAsync() => await _transport.ListenAsync([$"/memory/{Name}"], CancellationToken.None);

    public async Task<IVpnStream> OpenAsync(TestNode node, string protocol)
    {
        var opened = await TryOpenAsync(node, protocol);
        Assert.Equal(OpenStreamFailure.None, opened.Failure);
        return opened.Stream!;
    }

    public async Task<OpenStreamResult> TryOpenAsync(TestNode node, string protocol) => await _transport.OpenStreamAsync(
        new PeerEndpoint(node.Peer, [$"/memory/{node.Name}"]), new StreamRequest([protocol]), CancellationToken.None);

    public async Task<IVpnStream> AcceptAsync() => await _accepted.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public static async Task WriteAsync(IVpnStream stream, params byte[] bytes)
    {
        for (var offset = 0; offset < bytes.Length; offset += 60_000)
        {
            var buffer = new PacketBuffer(60_000);
            buffer.Set(bytes.AsSpan(offset, Math.Min(60_000, bytes.Length - offset)));
            await stream.WriteAsync(new[] { buffer }, CancellationToken.None);
        }
    }

    public static async Task<byte[]> ReadAsync(IVpnStream stream, int count)
    {
        var bytes = new byte[count];
        for (var filled = 0; filled < count;)
        {
            var read = await stream.ReadAsync(bytes.AsMemory(filled), CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(StreamEnd.None, read.End);
            filled += read.Count;
        }
        return bytes;
    }

    public static async Task<StreamEnd> EndOfAsync(IVpnStream stream)
    {
        var buffer = new byte[4096];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            if (read.Count == 0)
                return read.End;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _done.TrySetResult();
        await _transport.DisposeAsync();
    }
}
