using System.Net;
using System.Net.Sockets;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;

namespace SubnetVpn.Libp2p.Tcp.Events;

/// <summary>
/// A TCP socket on an <see cref="EventLoop"/> (Linux). What follows a receive runs on the loop's thread once <see cref="RunOnLoop"/>
/// was called; what follows a send that had to wait does so only with few processors, because it encrypts what is sent next.
/// </summary>
internal sealed class EventLink : IByteLink
{
    private readonly Socket _socket;
    private readonly EventLoop _loop;
    private readonly ReceiveOperation _receive;
    private readonly SendOperation _send;
    private ConnectOperation? _connect;
    private readonly long _number;

    /// <summary>Takes a socket; connects it when there is somewhere to.</summary>
    private EventLink(Socket socket, Libp2pCounters counters, bool connects)
    {
        _socket = socket;
        _loop = EventLoop.Choose();
        _receive = new ReceiveOperation(socket, _loop, counters);
        _send = new SendOperation(socket, _loop, counters);
        _connect = connects ? new ConnectOperation(socket, _loop) : null;
        socket.Blocking = false;
        _number = _loop.Add(socket.SafeHandle, this);
    }

    public IPEndPoint RemoteEndPoint { get; private set; } = null!;

    public string? Congestion { get; private set; }

    public TimeSpan DrainTime => StandingQueue.GetDrainTime(_socket);

    /// <summary>Takes over a connected socket.</summary>
    /// <exception cref="SocketException">The connection ended meanwhile, or the system takes no more.</exception>
    public static EventLink Of(Socket socket, SocketSetup setup, Libp2pCounters counters)
    {
        var remote = socket.RemoteEndPoint as IPEndPoint ?? throw new SocketException((int)SocketError.NotConnected);
        string? congestion = setup.Apply(socket);
        return new EventLink(socket, counters, connects: false) { RemoteEndPoint = remote, Congestion = congestion };
    }

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">It could not.</exception>
    public static async Task<EventLink> ConnectAsync(IPEndPoint remote, SocketSetup setup, Libp2pCounters counters, CancellationToken cancellationToken)
    {
        var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        EventLink? link = null;
        try
        {
            link = new EventLink(socket, counters, connects: true) { RemoteEndPoint = remote };
            await link._connect!.ConnectAsync(remote, cancellationToken).ConfigureAwait(false);
            link._connect = null;
            link.Congestion = setup.Apply(socket);
            return link;
        }
        catch
        {
            link?.Close();
            socket.Dispose();
            throw;
        }
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> destination, CancellationToken cancellationToken) => _receive.ReceiveAsync(destination, cancellationToken);

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _send.SendAsync(bytes, cancellationToken);

    public void RunOnLoop()
    {
        _receive.RunsOnLoop = true;
        _send.RunsOnLoop = EventLoop.HasFewProcessors;
    }

    public void FinishSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended already, which is what was wanted.
        }
    }

    public void Close()
    {
        _loop.Remove(_number);
        _socket.Dispose();
        _receive.Close();
        _send.Close();
        _connect?.Close();
    }

    /// <summary>The kernel reports a change. On the loop's thread.</summary>
    public void Occurred(uint events)
    {
        const uint end = Epoll.Error | Epoll.HangUp;
        if ((events & (Epoll.Out | end)) != 0)
        {
            _connect?.BecameReady();
            _send.BecameReady();
        }

        if ((events & (Epoll.In | Epoll.RemoteHangUp | end)) != 0)
        {
            _receive.BecameReady();
        }
    }
}
