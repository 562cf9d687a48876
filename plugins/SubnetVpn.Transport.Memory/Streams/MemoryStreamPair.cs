using SubnetVpn.Streams;
using SubnetVpn.Transport.Memory.Connections;

namespace SubnetVpn.Transport.Memory.Streams;

/// <summary>A stream with its two ends and its two pipes; it is gone when both ends are over.</summary>
internal sealed class MemoryStreamPair
{
    private readonly MemoryConnection _connection;
    private readonly MemoryPipe _toAcceptor;
    private readonly MemoryPipe _toOpener;
    private int _endsLeft = 2;

    public MemoryStreamPair(MemoryConnection connection, int number, string protocol, bool openedByDialer)
    {
        (_connection, Number) = (connection, number);
        var network = connection.Network;
        var (opener, acceptor) = openedByDialer ? (connection.Dialer, connection.Listener) : (connection.Listener, connection.Dialer);
        var seed = network.SeedFor(connection.Number, number);
        _toAcceptor = new MemoryPipe(network, network.Link(opener.Peer, acceptor.Peer), seed);
        _toOpener = new MemoryPipe(network, network.Link(acceptor.Peer, opener.Peer), seed + 1);
        Opener = new MemoryVpnStream(this, _toAcceptor, _toOpener, Describe(acceptor, protocol, isInbound: false));
        Acceptor = new MemoryVpnStream(this, _toOpener, _toAcceptor, Describe(opener, protocol, isInbound: true));
        (_toAcceptor.Writer, _toAcceptor.Reader) = (Opener, Acceptor);
        (_toOpener.Writer, _toOpener.Reader) = (Acceptor, Opener);
    }

    public int Number { get; }

    public MemoryVpnStream Opener { get; }

    public MemoryVpnStream Acceptor { get; }

    public void End(StreamEnd reason)
    {
        Opener.End(reason, tellPeer: false);
        Acceptor.End(reason, tellPeer: false);
    }

    public void Deliver(MemoryLink link)
    {
        if (_toAcceptor.Link == link)
            _toAcceptor.Deliver();
        else if (_toOpener.Link == link)
            _toOpener.Deliver();
    }

    public void EndIsOver()
    {
        if (Interlocked.Decrement(ref _endsLeft) != 0)
            return;
        _toAcceptor.Close();
        _toOpener.Close();
        _connection.Remove(this);
    }

    private VpnStreamInfo Describe(MemoryTransport other, string protocol, bool isInbound) => new()
    {
        Peer = other.Peer,
        Protocol = protocol,
        Name = $"m{_connection.Number}/{Number}{(isInbound ? "i" : "")}",
        IsInbound = isInbound,
        RemoteAddress = _connection.AddressOf(other),
        ChannelBinding = _connection.Binding,
    };
}
