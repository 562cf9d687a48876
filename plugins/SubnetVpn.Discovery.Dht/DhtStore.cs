namespace SubnetVpn.Discovery.Dht;

/// <summary>
/// The hash table that the records stand in: checked when it is made, joined when it is first used, so that a configuration is checked
/// without a network. Thread-safe.
/// </summary>
internal sealed class DhtStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IRecordStore _offered;
    private readonly DhtOptions _options;
    private readonly string[] _bootstrap;
    private readonly Func<IRecordStore, IDisposable> _join;
    private IRecordStore? _opened;
    private IDisposable? _membership;
    private bool _isDisposed;

    /// <param name="offered">What the transport offers; null when it offers nothing.</param>
    /// <param name="options">The section of the plugin.</param>
    /// <param name="self">This node.</param>
    /// <param name="join">Has the store's records judged from now on.</param>
    /// <exception cref="VpnException">There is no hash table, or not the one that was asked for.</exception>
    public DhtStore(IRecordStore? offered, DhtOptions options, PeerId self, Func<IRecordStore, IDisposable> join)
    {
        if (offered is null)
            throw Fault("the discovery 'dht' needs a transport with a hash table, and the selected one has none. Select one that has (strategies: { transport: libp2p }), or take dht out of discovery.");
        if (offered is IRecordStoreStatus { IsOff: true })
            throw Fault("the discovery 'dht' needs the hash table of the transport, and it is switched off. Remove 'dht: off' from the section of the transport, or take dht out of discovery.");
        if (offered is not IRecordStoreFactory && (options.Protocol is not null || options.Bootstrap.Count > 0))
            throw Fault("the transport has one hash table, which it joins by itself. Remove 'protocol' and 'bootstrap' from the section discovery.dht.");
        (_offered, _options, _join) = (offered, options, join);
        _bootstrap = [.. options.Bootstrap.Where(address => !BootstrapPeer.TryParse(address, out var peer) || peer != self)];
    }

    /// <summary>Whether others should be there: the configuration names some. Not so for the first node of a network.</summary>
    public bool ExpectsPeers => _bootstrap.Length > 0;

    /// <summary>Peers to ask first, without this node.</summary>
    public IReadOnlyList<string> Bootstrap => _bootstrap;

    /// <summary>Whether nobody else can be asked now, as far as the store knows.</summary>
    public bool IsAlone => Open() is IRecordStoreStatus { KnownPeers: 0 };

    /// <summary>The store; joined by the first call.</summary>
    public IRecordStore Open()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_opened is null)
            {
                var store = _offered is IRecordStoreFactory factory
                    ? factory.Open(new RecordStoreSettings { Protocol = _options.Protocol, Bootstrap = _bootstrap })
                    : _offered;
                _membership = _join(store);
                _opened = store;
            }
            return _opened;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _membership?.Dispose();
        }
    }

    private static VpnException Fault(string text) => new(VpnErrorReason.Configuration, text);
}
