using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Libp2p.Tests.Hosting;

public class TransferTests
{
    [Fact]
    public async Task Echo_SmallMessage_ComesBack()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);

        using Libp2pStream stream = await pair.OpenAsync();
        Assert.Equal(StreamEnd.None, await stream.WriteAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken));
        var buffer = new byte[16];
        StreamRead read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);

        Assert.Equal(new StreamRead(5, StreamEnd.None), read);
        Assert.Equal("hello"u8, buffer.AsSpan(0, 5));
        Assert.Equal(pair.Server.PeerId, stream.Connection.RemotePeer);
    }

    [Fact]
    public async Task Transfer_64MiBEachWayAtOnce_ArrivesUnchanged()
    {
        const long length = 64L * 1024 * 1024;
        await using HostPair pair = await HostPair.StartAsync();
        var served = new TaskCompletionSource<(string Sent, string Received, long Length)>();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, async (stream, _) =>
        {
            Task<string> sending = StreamPump.SendAsync(stream, seed: 2, length);
            (string hash, long count) = await StreamPump.ReceiveAsync(stream);
            served.SetResult((await sending, hash, count));
        });

        using Libp2pStream stream = await pair.OpenAsync();
        Task<string> sending = StreamPump.SendAsync(stream, seed: 1, length);
        (string received, long receivedLength) = await StreamPump.ReceiveAsync(stream);
        string sent = await sending;
        (string serverSent, string serverReceived, long serverLength) = await served.Task;

        Assert.Equal(length, receivedLength);
        Assert.Equal(length, serverLength);
        Assert.Equal(sent, serverReceived);
        Assert.Equal(serverSent, received);
        Assert.Equal(StreamEnd.Completed, stream.End);
    }
}
