using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace SubnetVpn.Core.Control;

/// <summary>Gives the web server the connections of a socket that listens already: first the one that was its reason to start, then those that follow.</summary>
internal sealed class ControlConnections(ControlSocket socket, EndPoint endPoint, Socket first, SocketConnectionContextFactory contexts) : IConnectionListener
{
    private readonly CancellationTokenSource _unbound = new();
    private Socket? _first = first;

    public EndPoint EndPoint => endPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _first, null) is { } waiting)
            return contexts.Create(waiting);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _unbound.Token);
        try
        {
            return await socket.AcceptAsync(ending.Token) is { } client ? contexts.Create(client) : null;
        }
        catch (OperationCanceledException) when (_unbound.IsCancellationRequested)
        {
            // The server ends.
            return null;
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
