using SubnetVpn.Streams;

namespace SubnetVpn.TestKit.Transports;

/// <summary>
/// What every <see cref="ITransport"/> must do. Inherit it in a test project and say how to make a transport; nodes that
/// are made in one test must be able to reach one another.
/// </summary>
public abstract partial class TransportConformance : IAsyncDisposable
{
    /// <summary>Milliseconds after which a test is given up; only a broken transport takes so long.</summary>
    protected const int Limit = 60_000;

    /// <summary>The protocol id that the tests use.</summary>
    protected const string Protocol = "/subnetvpn/conformance/1.0.0";

    private const string OtherProtocol = "/subnetvpn/conformance/2.0.0";

    // More than any transport may buffer for a reader that has stopped: twice the largest yamux window, and then some.
    private const int MoreThanAnyWindow = 48 * 1024 * 1024;

    private readonly List<TransportNode> _nodes = [];
    private readonly List<IDisposable> _acceptors = [];

    /// <summary>An address to listen at where the system chooses the rest, such as <c>/ip4/127.0.0.1/tcp/0</c>.</summary>
    protected abstract string AnyAddress { get; }

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        foreach (var acceptor in _acceptors)
            acceptor.Dispose();
        foreach (var node in _nodes)
            await node.Transport.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes a transport with an identity of its own, not listening yet.</summary>
    protected abstract ValueTask<(PeerId Peer, ITransport Transport)> CreateTransportAsync();

    /// <summary>Makes a node that only dials; it is disposed of with the test.</summary>
    protected async Task<TransportNode> CreateDialerAsync()
    {
        var (peer, transport) = await CreateTransportAsync();
        var node = new TransportNode(peer, transport, []);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Makes a node that listens; it is disposed of with the test.</summary>
    protected async Task<TransportNode> CreateNodeAsync()
    {
        var dialer = await CreateDialerAsync();
        return dialer with { Addresses = await dialer.Transport.ListenAsync([AnyAddress], Token) };
    }

    /// <summary>Takes streams at a node until the test ends.</summary>
    protected StreamAcceptor Accept(TransportNode node, string protocol = Protocol)
    {
        ArgumentNullException.ThrowIfNull(node);
        var acceptor = new StreamAcceptor(node.Transport, protocol);
        _acceptors.Add(acceptor);
        return acceptor;
    }

    /// <summary>Two nodes with a stream between them. Libraries that open lazily need a first byte: it was sent and read.</summary>
    protected async Task<(IVpnStream Opened, IVpnStream Accepted)> ConnectAsync(TransportNode from, TransportNode to)
    {
        ArgumentNullException.ThrowIfNull(from);
        var protocol = $"{Protocol}/pair/{_acceptors.Count}";
        var acceptor = Accept(to, protocol);
        var opened = await from.OpenAsync(to, protocol, Token);
        Assert.Equal(StreamEnd.None, await opened.WriteAsync(new byte[] { 42 }, Token));
        var accepted = await acceptor.NextAsync(Token);
        Assert.Equal([42], await accepted.ReadAsync(1, Token));
        return (opened, accepted);
    }

    private async Task<(IVpnStream Opened, IVpnStream Accepted)> ConnectAsync()
    {
        var (one, other) = (await CreateNodeAsync(), await CreateNodeAsync());
        return await ConnectAsync(one, other);
    }
}
