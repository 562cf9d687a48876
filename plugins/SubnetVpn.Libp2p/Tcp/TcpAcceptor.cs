using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SubnetVpn.Libp2p.Addresses;

namespace SubnetVpn.Libp2p.Tcp;

/// <summary>A listening socket and the loop that accepts from it.</summary>
internal sealed partial class TcpAcceptor : IAsyncDisposable
{
    /// <summary>When the system cannot give us a socket (usually: too many open files), how long until we ask again.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly Socket _socket;
    private readonly Action<Socket> _accepted;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    private TcpAcceptor(Socket socket, Action<Socket> accepted, TimeProvider time, ILogger logger)
    {
        _socket = socket;
        _accepted = accepted;
        _time = time;
        _logger = logger;
        Address = Multiaddr.FromTcpEndPoint((IPEndPoint)socket.LocalEndPoint!);
    }

    /// <summary>Where it listens, with the actual port.</summary>
    public Multiaddr Address { get; }

    /// <summary>Binds and listens; accepts nothing before <see cref="Start"/>.</summary>
    /// <exception cref="ListenException">The address cannot be had.</exception>
    public static TcpAcceptor Bind(Multiaddr address, TcpOptions options, Action<Socket> accepted, TimeProvider time, ILogger logger)
    {
        if (!address.TryGetTcpEndPoint(out EndPoint? endPoint) || endPoint is not IPEndPoint ip)
        {
            throw new ListenException(address, ListenFailure.NotSupported, null);
        }

        var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (ip.AddressFamily == AddressFamily.InterNetworkV6)
            {
                // IPv4 has its own listener; one socket for both could not be bound beside it.
                socket.DualMode = false;
            }

            socket.Bind(ip);
            socket.Listen(options.ListenBacklog);
            return new TcpAcceptor(socket, accepted, time, logger);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new ListenException(address, Classify(exception.SocketErrorCode), exception);
        }
    }

    public void Start() => _loop = AcceptAsync();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _loop.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static ListenFailure Classify(SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse => ListenFailure.AddressInUse,
        SocketError.AccessDenied => ListenFailure.AccessDenied,
        SocketError.AddressNotAvailable => ListenFailure.AddressNotAvailable,
        _ => ListenFailure.Other,
    };

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _accepted(await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false));
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                LogAcceptFailed(_logger, exception, Address);
                try
                {
                    await Task.Delay(RetryDelay, _time, _stopping.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }
}
