using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Discovery;
using SubnetVpn.Registry.Http;
using SubnetVpn.TestKit.Metrics;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

/// <summary>A node of the network <c>default</c> with one address, as far as a registry sees it.</summary>
internal sealed class LeaseNode : ILogger<HttpRegistry>, IVirtualSubnets, IAsyncDisposable
{
    private readonly ScopedMeters _meters = new();

    public LeaseNode(VirtualIp address, HttpRegistryOptions options, TimeProvider time)
    {
        Address = address;
        Probe = new MetricProbe(_meters);
        var network = new NetworkContext
        {
            Name = "default",
            LocalPeer = Identity.Id,
            VirtualIps = [address],
            Subnets = [IpPrefix.Parse("10.0.0.0/24"), IpPrefix.Parse("fd00::/64")],
            Mtu = 1400,
        };
        Registry = new HttpRegistry(options, network, Identity, new Ed25519Signatures(), this, time, this, _meters, Wire);
    }

    public VirtualIp Address { get; }

    public NodeIdentity Identity { get; } = NodeIdentity.Generate();

    public Wire Wire { get; } = new();

    public MetricProbe Probe { get; }

    public HttpRegistry Registry { get; }

    public ConcurrentQueue<(LogLevel Level, string Text)> Logged { get; } = [];

    public async Task<PeerLookup> AskAsync(string address) => await Registry.FindHolderAsync(VirtualIp.Parse(address), TestContext.Current.CancellationToken);

    public async Task<PeerLookup> AskOwnAsync() => await Registry.FindHolderAsync(Address, TestContext.Current.CancellationToken);

    public bool Contains(VirtualIp address) => IpPrefix.Parse("10.0.0.0/24").Contains(address);

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Logged.Enqueue((logLevel, formatter(state, exception)));

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        Probe.Dispose();
        Identity.Dispose();
    }
}
