using System.Net.Sockets;
using System.Text;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Hostile;

/// <summary>Strangers at the TCP port. Each is counted under its reason, and hurts nobody else.</summary>
public sealed class ConnectionTests(AttackedNodes nodes) : IClassFixture<AttackedNodes>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly byte[] _multistream = Encoding.ASCII.GetBytes("\u0013/multistream/1.0.0\n");

    public static TheoryData<string, byte[]> Garbage => new()
    {
        { "HTTP", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: 198.18.0.1:4001\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n") },
        { "zeros", new byte[4096] },
        { "ones", Enumerable.Repeat((byte)0xFF, 4096).ToArray() },
        { "a hello of TLS", [.. Convert.FromHexString("16030100c8010000c40303"), .. new byte[194]] },
        { "a length of 16 KiB and noise", [0x80, 0x80, 0x01, .. Noise(65536)] },
        { "a greeting of 1 KiB", [0x80, 0x08, .. Noise(1024)] },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Connect_Garbage_IsClosedAndCounted(string what, byte[] bytes)
    {
        Requirements.Namespaces();
        await nodes.AssertHoldsAsync("garbage", async () =>
        {
            using var socket = await ConnectAsync();
            try
            {
                await socket.SendAsync(bytes, Cancellation);
            }
            catch (SocketException)
            {
                // Closed while we were sending.
            }

            Assert.True(await IsClosedByNodeAsync(socket), what);
        });
    }

    [Fact]
    public async Task Connect_GarbageAfterNegotiation_IsClosedAndCounted()
    {
        Requirements.Namespaces();
        await nodes.AssertHoldsAsync("malformed", async () =>
        {
            using var socket = await ConnectAsync();
            await socket.SendAsync((byte[])[.. _multistream, .. Encoding.ASCII.GetBytes("\u0007/noise\n")], Cancellation);
            await socket.SendAsync(new byte[1000], Cancellation);
            Assert.True(await IsClosedByNodeAsync(socket));
        });
    }

    [Fact]
    public async Task Connect_SlowHandshake_IsClosedAndCounted()
    {
        Requirements.Namespaces();
        await nodes.AssertHoldsAsync("timed_out", async () =>
        {
            // A byte now and then, as slow as a handshake may not be: the node ends it, whatever still comes.
            using var socket = await ConnectAsync();
            var closed = IsClosedByNodeAsync(socket);
            for (var i = 0; !closed.IsCompleted; i = (i + 1) % _multistream.Length)
            {
                await Task.WhenAny(closed, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancellation));
                if (i < _multistream.Length - 1 && !closed.IsCompleted)
                {
                    await socket.SendAsync(_multistream.AsMemory(i, 1), Cancellation);
                }
            }

            Assert.True(await closed);
        });
    }

    [Fact]
    public async Task Connect_500HalfOpen_AreBoundedAndCounted()
    {
        Requirements.Namespaces();
        var sockets = new List<Socket>();
        var refused = 0;
        await nodes.AssertHoldsAsync("pending_inbound", async () =>
        {
            while (sockets.Count + refused < 500)
            {
                try
                {
                    sockets.Add(await ConnectAsync());
                }
                catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
                {
                    refused++; // So fast that it looks like a failed attempt.
                }
            }
        });

        Assert.All(await Task.WhenAll(sockets.Select(IsClosedByNodeAsync)), Assert.True);
        sockets.ForEach(socket => socket.Dispose());
        using var later = await ConnectAsync();
        await later.SendAsync(_multistream, Cancellation);
        Assert.NotEqual(0, await later.ReceiveAsync(new byte[1].AsMemory(), SocketFlags.None, Cancellation)); // The node answers a stranger again.
    }

    private static byte[] Noise(int count)
    {
        var noise = new byte[count];
        new Random(1).NextBytes(noise);
        return noise;
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = nodes.Attacker.Namespace.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(nodes.Target.ListenEndPoint, Cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Reads what the node still says, until it closes or resets.
    private static async Task<bool> IsClosedByNodeAsync(Socket socket)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            while (await socket.ReceiveAsync(new byte[4096].AsMemory(), SocketFlags.None, timeout.Token) > 0)
            {
            }

            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
