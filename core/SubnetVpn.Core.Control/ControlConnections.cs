using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace SubnetVpn.Core.Control;

/// <summary>Gives the web server the connections of a socket that listens already: first the one that was its reason to start, then those that follow.</summary>
internal sealed class ControlConnections(Socket listener, EndPoint endPoint, Socket first, SocketConnectionContextFactory contexts) : IConnectionListener
{
    private readonly CancellationTokenSource _unbound = new();
    private Socket? _first = first;

    public EndPoint EndPoint => endPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _first, null) is { } waiting)
            return contexts.Create(waiting);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _unbound.Token);
        while (true)
        {
            try
            {
                return contexts.Create(await listener.AcceptAsync(ending.Token));
            }
            catch (Exception exception) when (ControlSocket.IsClosed(exception) || (exception is OperationCanceledException && _unbound.IsCancellationRequested))
            {
                // The socket is closed or the server ends: there will be no more.
                return null;
            }
            catch (SocketException)
            {
                // This client gave up before it was accepted; the next may not.
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _unbound.Cancel();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _first, null)?.Dispose();
        contexts.Dispose();
        _unbound.Dispose();
        return ValueTask.CompletedTask;
    }
}
