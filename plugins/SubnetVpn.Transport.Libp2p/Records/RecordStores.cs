using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Kademlia;
using SubnetVpn.Libp2p.Kademlia.Hosting;

namespace SubnetVpn.Transport.Libp2p.Records;

/// <summary>The hash tables of a node, one for each protocol that something asked for. Thread-safe.</summary>
internal sealed class RecordStores(Libp2pHost host, Libp2pTransportOptions options, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    private static readonly NoRecordStore s_none = new();

    private readonly Lock _gate = new();
    private readonly Dictionary<string, KademliaRecordStore> _stores = new(StringComparer.Ordinal);
    private bool _disposed;

    public bool IsOff => options.Dht == DhtMode.Off;

    /// <summary>Peers of the hash table that the section names; none before something uses it.</summary>
    public int KnownPeers
    {
        get
        {
            lock (_gate)
            {
                return _stores.TryGetValue(options.DhtProtocol, out var store) ? store.KnownPeers : 0;
            }
        }
    }

    /// <summary>Opens the store of a network, and begins to join it.</summary>
    public IRecordStore Open(RecordStoreSettings settings)
    {
        if (IsOff)
        {
            return s_none;
        }

        string protocol = settings.Protocol ?? options.DhtProtocol;
        Multiaddr[] bootstrap = [.. settings.Bootstrap.Select(Parse)];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_stores.TryGetValue(protocol, out var store))
            {
                _stores.Add(protocol, store = Create(protocol));
            }

            store.Service.AddBootstrap(bootstrap);
            store.Service.Start();
            return store;
        }
    }

    /// <summary>Others can reach the node from now on.</summary>
    public void Listening()
    {
        if (options.Dht == DhtMode.Server)
        {
            Open(new RecordStoreSettings());
        }

        lock (_gate)
        {
            foreach (var store in _stores.Values)
            {
                ServeIfWanted(store.Service);
            }
        }
    }

    public IReadOnlyList<KademliaStatistics> GetStatistics()
    {
        lock (_gate)
        {
            return [.. _stores.Values.Select(static store => store.Service.GetStatistics())];
        }
    }

    public async ValueTask DisposeAsync()
    {
        KademliaRecordStore[] stores;
        lock (_gate)
        {
            _disposed = true;
            stores = [.. _stores.Values];
            _stores.Clear();
        }

        await Task.WhenAll(stores.Select(static store => store.Service.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private KademliaRecordStore Create(string protocol)
    {
        var kademlia = new KademliaOptions
        {
            Protocol = protocol,
            Alpha = options.DhtAlpha,

            // The peers of one hash table are none of another.
            Bootstrap = protocol == options.DhtProtocol ? [.. options.DhtBootstrap.Select(Parse)] : [],
        };
        var service = new KademliaService(host, kademlia, time, loggers);
        ServeIfWanted(service);
        return new KademliaRecordStore(service, loggers.CreateLogger<KademliaRecordStore>());
    }

    private void ServeIfWanted(KademliaService service)
    {
        if (options.Dht == DhtMode.Server || (options.Dht == DhtMode.Auto && host.ListenAddresses.Count > 0))
        {
            service.Serve();
        }
    }

    private static Multiaddr Parse(string text) =>
        BootstrapAddress.TryParse(text, out var address, out var error) ? address : throw new VpnException(VpnErrorReason.Configuration, error);
}
