using System.Net;
using System.Net.Sockets;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Tcp;

namespace SubnetVpn.Libp2p.Tests.Tcp;

/// <summary>Both kinds of links keep the same promises.</summary>
public class LinkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SendAndReceive_MoreThanBuffersHold_ArrivesInOrder(bool usesEventLoop)
    {
        var (near, far) = await ConnectAsync(usesEventLoop);
        far.RunOnLoop();
        byte[] sent = new byte[32 * 1024 * 1024];
        new Random(1).NextBytes(sent);

        Task<int> sending = Task.Run(async () => await near.SendAsync(sent, Token), Token);
        byte[] received = new byte[sent.Length];
        for (int filled = 0; filled < received.Length;)
        {
            int count = await far.ReceiveAsync(received.AsMemory(filled, Math.Min(100_000, received.Length - filled)), Token);
            Assert.NotEqual(0, count);
            filled += count;
        }

        Assert.Equal(sent.Length, await sending);
        Assert.True(received.AsSpan().SequenceEqual(sent));
        near.FinishSending();
        Assert.Equal(0, await far.ReceiveAsync(received, Token));
        near.Close();
        far.Close();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Receive_ManyLinksAtOnce_EachIsServed(bool usesEventLoop)
    {
        var pairs = new List<(IByteLink Near, IByteLink Far)>();
        for (int i = 0; i < 20; i++)
        {
            pairs.Add(await ConnectAsync(usesEventLoop));
        }

        await Task.WhenAll(pairs.Select(async pair =>
        {
            pair.Far.RunOnLoop();
            Task echo = EchoAsync(pair.Far);
            byte[] bytes = new byte[100];
            for (int round = 0; round < 200; round++)
            {
                await pair.Near.SendAsync(bytes, Token);
                for (int filled = 0; filled < bytes.Length;)
                {
                    filled += await pair.Near.ReceiveAsync(bytes.AsMemory(filled), Token);
                }
            }

            pair.Near.FinishSending();
            await echo;
            pair.Near.Close();
            pair.Far.Close();
        }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Close_WhileReceiving_EndsTheReceive(bool usesEventLoop)
    {
        var (near, far) = await ConnectAsync(usesEventLoop);
        Task<int> receiving = near.ReceiveAsync(new byte[10], CancellationToken.None).AsTask();
        Assert.False(receiving.IsCompleted);

        near.Close();
        near.Close();

        Exception? exception = await Record.ExceptionAsync(() => receiving.WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.True(SendPump.IsLinkFailure(exception!), $"{exception}");
        far.Close();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Receive_Cancelled_EndsAndALaterOneWorks(bool usesEventLoop)
    {
        var (near, far) = await ConnectAsync(usesEventLoop);
        using var cancel = new CancellationTokenSource();
        Task<int> receiving = near.ReceiveAsync(new byte[10], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving.WaitAsync(TimeSpan.FromSeconds(30), Token));

        await far.SendAsync(new byte[7], Token);

        Assert.Equal(7, await near.ReceiveAsync(new byte[10], Token));
        near.Close();
        far.Close();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connect_NobodyListens_IsRefused(bool usesEventLoop)
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var exception = await Assert.ThrowsAsync<SocketException>(() => Factory(usesEventLoop).ConnectAsync(taken.LocalEndPoint!, Token));

        Assert.Equal(SocketError.ConnectionRefused, exception.SocketErrorCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connect_ByName_TriesItsAddresses(bool usesEventLoop)
    {
        using Socket listener = Listen();
        Task<Socket> accepting = listener.AcceptAsync(Token).AsTask();
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;

        IByteLink link = await Factory(usesEventLoop).ConnectAsync(new DnsEndPoint("localhost", port, AddressFamily.Unspecified), Token);

        Assert.Equal(port, link.RemoteEndPoint.Port);
        (await accepting).Dispose();
        link.Close();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connect_NoAnswer_CanBeCancelled(bool usesEventLoop)
    {
        // With a full backlog the system leaves further connections unanswered.
        using Socket listener = Listen(backlog: 0);
        var waiting = new List<Task<IByteLink>>();
        using var cancel = new CancellationTokenSource();
        for (int i = 0; i < 8; i++)
        {
            waiting.Add(Factory(usesEventLoop).ConnectAsync(listener.LocalEndPoint!, cancel.Token));
        }

        await Task.WhenAny(waiting);
        await cancel.CancelAsync();

        foreach (Task<IByteLink> attempt in waiting)
        {
            Exception? exception = await Record.ExceptionAsync(async () => (await attempt.WaitAsync(TimeSpan.FromSeconds(30), Token)).Close());
            Assert.True(exception is null or OperationCanceledException, $"{exception}");
        }

        Assert.Contains(waiting, static attempt => attempt.IsCanceled);
    }

    private static async Task EchoAsync(IByteLink link)
    {
        byte[] bytes = new byte[64];
        while (await link.ReceiveAsync(bytes, Token) is var count and > 0)
        {
            await link.SendAsync(bytes.AsMemory(0, count), Token);
        }
    }

    private static Socket Listen(int backlog = 10)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(backlog);
        return listener;
    }

    private static async Task<(IByteLink Near, IByteLink Far)> ConnectAsync(bool usesEventLoop)
    {
        using Socket listener = Listen();
        Task<Socket> accepting = listener.AcceptAsync(Token).AsTask();
        IByteLink near = await Factory(usesEventLoop).ConnectAsync(listener.LocalEndPoint!, Token);
        return (near, Factory(usesEventLoop).Of(await accepting));
    }

    private static LinkFactory Factory(bool usesEventLoop) => new(new TcpOptions { UseEventLoop = usesEventLoop }, new Libp2pCounters());
}
