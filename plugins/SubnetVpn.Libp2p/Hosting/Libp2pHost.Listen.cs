using System.Net;
using System.Net.Sockets;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Tcp;

namespace SubnetVpn.Libp2p.Hosting;

/// <summary>Listening, and connections that others begin.</summary>
public sealed partial class Libp2pHost
{
    private readonly Lock _listenGate = new();
    private TcpAcceptor[] _acceptors = [];

    /// <summary>Where this host listens, with the actual ports.</summary>
    public IReadOnlyList<Multiaddr> ListenAddresses => [.. Volatile.Read(ref _acceptors).Select(static acceptor => acceptor.Address)];

    /// <summary>Where others can dial this host: a listener at "any address" stands for each address of the machine that is not excluded.</summary>
    public IReadOnlyList<Multiaddr> AnnouncedAddresses => Identify.AnnouncedAddresses.Of(ListenAddresses, _options.IsExcluded);

    /// <summary>Listens at all of the addresses, besides those it listens at already; or, when one cannot be had, at none of them.</summary>
    /// <exception cref="ListenException">An address cannot be had; its reason says why.</exception>
    public async Task ListenAsync(IReadOnlyList<Multiaddr> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var bound = new List<TcpAcceptor>();
        try
        {
            foreach (Multiaddr address in addresses)
            {
                bound.Add(TcpAcceptor.Bind(address, _options.Tcp, OnAccepted, _time, _logger));
            }
        }
        catch (ListenException)
        {
            foreach (TcpAcceptor acceptor in bound)
            {
                await acceptor.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }

        lock (_listenGate)
        {
            Volatile.Write(ref _acceptors, [.. _acceptors, .. bound]);
        }

        foreach (TcpAcceptor acceptor in bound)
        {
            acceptor.Start();
            LogListening(acceptor.Address);
        }

        OnAnnouncementChanged();
    }

    private async Task StopListeningAsync()
    {
        TcpAcceptor[] acceptors;
        lock (_listenGate)
        {
            acceptors = _acceptors;
            _acceptors = [];
        }

        foreach (TcpAcceptor acceptor in acceptors)
        {
            await acceptor.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void OnAccepted(Socket socket)
    {
        _counters.InboundAccepted();
        IPAddress remote;
        try
        {
            remote = (socket.RemoteEndPoint as IPEndPoint)?.Address ?? throw new SocketException((int)SocketError.NotConnected);
        }
        catch (SocketException)
        {
            // Gone before we looked.
            _counters.InboundHandshakeFailures.Increment(HandshakeFailure.LinkEnded);
            socket.Dispose();
            return;
        }

        InboundTicket? ticket = _gate.TryEnter(remote, out Libp2pLimit? limit);
        if (limit is not null)
        {
            _counters.LimitHits.Increment(limit.Value);
        }

        if (ticket is null)
        {
            // With a reset, so that the system keeps nothing of it either.
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
            return;
        }

        _tasks.Run(() => UpgradeInboundAsync(socket, ticket));
    }

    private async Task UpgradeInboundAsync(Socket socket, InboundTicket ticket)
    {
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(ticket.Evicted, _stoppingToken);
            IByteLink link = _links.Of(socket);
            UpgradeResult result = await _upgrader.UpgradeInboundAsync(link, ending.Token).ConfigureAwait(false);
            if (result.Link is null)
            {
                _counters.InboundHandshakeFailures.Increment(result.Failure);
                LogInboundRefused(link.RemoteEndPoint, result.Failure, result.Detail);
                link.Close();
            }
            else
            {
                _counters.HandshakeSucceeded(inbound: true);
                Adopt(result.Link, lane: null);
            }
        }
        catch (SocketException)
        {
            // The other side was gone before its socket could be set up.
            _counters.InboundHandshakeFailures.Increment(HandshakeFailure.LinkEnded);
            socket.Dispose();
        }
        catch (Exception exception)
        {
            LogInboundDefect(exception);
            socket.Dispose();
        }
        finally
        {
            _gate.Leave(ticket);
        }
    }
}
