using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Tcp;
using SubnetVpn.Streams;
using SubnetVpn.Transport.Libp2p.Diagnostics;
using SubnetVpn.Transport.Libp2p.Records;
using SubnetVpn.Transport.Libp2p.Streams;
using IPeerObserver = SubnetVpn.Streams.IPeerObserver;

namespace SubnetVpn.Transport.Libp2p;

/// <summary>Streams over libp2p: TCP, Noise, yamux. A thin layer over <see cref="Libp2pHost"/>, which does the work.</summary>
public sealed partial class Libp2pTransport : ITransport, ITransportDiagnostics, IWriteBatching, IAnnouncedAddresses
{
    private readonly TimeProvider _time;
    private readonly Libp2pHost _host;
    private readonly RecordStores _records;
    private readonly TransportMetrics _metrics;

    /// <summary>Makes the transport of a node. It dials at once when asked to, and takes connections after <see cref="ListenAsync"/>.</summary>
    /// <param name="options">The plugin's section.</param>
    /// <param name="identity">Who the node is.</param>
    /// <param name="subnets">What is reached through the node's own tunnels, and so neither announced nor dialled.</param>
    /// <param name="time">The clock of all timeouts.</param>
    /// <param name="loggers">For what an operator may want to know.</param>
    /// <param name="meters">The factory that the instruments of the transport belong to.</param>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Identity"/>: the identity is not one that libp2p knows.</exception>
    public Libp2pTransport(Libp2pTransportOptions options, INodeIdentity identity, IVirtualSubnets subnets, TimeProvider time, ILoggerFactory loggers, IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(subnets);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentNullException.ThrowIfNull(meters);
        _time = time;
        _host = new Libp2pHost(new LocalIdentity(identity), HostOptions.From(options, subnets), time, loggers);
        _records = new RecordStores(_host, options, time, loggers);
        _metrics = new TransportMetrics(meters, _host.GetStatistics);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ListenAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        cancellationToken.ThrowIfCancellationRequested();
        var parsed = addresses.Select(ParseListenAddress).ToList();
        try
        {
            await _host.ListenAsync(parsed).ConfigureAwait(false);
        }
        catch (ListenException exception)
        {
            throw new VpnException(VpnErrorReason.Transport, exception.Message, exception);
        }

        _records.Listening();
        return [.. _host.ListenAddresses.Select(static address => address.ToString())];
    }

    /// <inheritdoc/>
    public IDisposable HandleStreams(string protocol, Func<IVpnStream, CancellationToken, Task> handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(protocol);
        ArgumentNullException.ThrowIfNull(handler);
        try
        {
            return _host.Handle(protocol, (stream, cancellationToken) => ServeAsync(stream, handler, cancellationToken));
        }
        catch (ArgumentException exception)
        {
            throw new InvalidOperationException($"The protocol {protocol} has a handler.", exception);
        }
    }

    /// <inheritdoc/>
    public IDisposable WatchPeers(IPeerObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return _host.Observe(new PeerObserver(observer));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> GetAnnouncedAddresses() => [.. _host.AnnouncedAddresses.Select(static address => address.ToString())];

    /// <inheritdoc/>
    public TransportSnapshot GetSnapshot() => Snapshots.Of(_host, _records.GetStatistics(), _time);

    /// <inheritdoc/>
    public void BeginWrites() => WriteBatch.Begin();

    /// <inheritdoc/>
    public void EndWrites() => WriteBatch.End();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _records.DisposeAsync().ConfigureAwait(false);
        await _host.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
    }

    private async Task ServeAsync(Libp2pStream stream, Func<IVpnStream, CancellationToken, Task> handler, CancellationToken cancellationToken)
    {
        var wrapped = new Libp2pVpnStream(stream, _time);
        try
        {
            await handler(wrapped, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // The host counts and logs it; the peer must not take it for an orderly end.
            wrapped.Reset();
            throw;
        }
        finally
        {
            await wrapped.DisposeAsync().ConfigureAwait(false);
            await wrapped.Over.ConfigureAwait(false);
        }
    }

    private static Multiaddr ParseListenAddress(string address) =>
        Multiaddr.TryParse(address, out var parsed, out var error)
            ? parsed
            : throw new VpnException(VpnErrorReason.Transport, $"Cannot listen at '{address}'. {error} An example: /ip4/0.0.0.0/tcp/4001");
}
