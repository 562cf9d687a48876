using System.Net;
using System.Net.Sockets;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Hostile;

/// <summary>
/// Takes connections on the test's own loopback to an address that only a machine of the lab reaches. With it a
/// libp2p host inside the test process is a peer on that machine.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly NetworkNamespace _inside;
    private readonly IPEndPoint _target;
    private readonly Task _accepting;

    public Relay(NetworkNamespace inside, IPEndPoint target)
    {
        (_inside, _target) = (inside, target);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relayed = new List<Task>();
        try
        {
            while (true)
            {
                relayed.Add(RelayAsync(await _listener.AcceptAsync(_stopping.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relayed); // Disposed.
        }
    }

    private async Task RelayAsync(Socket near)
    {
        using var far = _inside.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (near)
        {
            try
            {
                await far.ConnectAsync(_target, _stopping.Token);
                await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Nobody is there: the near side sees its connection end.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        try
        {
            await using var source = new NetworkStream(from);
            await using var destination = new NetworkStream(to);
            await source.CopyToAsync(destination, _stopping.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The end of one side is the end of the other.
        }
    }
}
