using Autofac;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Plugins.Catalog;
using SubnetVpn.Core.Plugins.Composition;
using SubnetVpn.Resilience;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Hosting.Nodes;

/// <summary>
/// One network of a node. Each start composes it anew in a lifetime scope of its own, and each stop disposes of that scope,
/// without touching the other networks. Thread-safe.
/// </summary>
public sealed class NodeNetwork
{
    private readonly ILifetimeScope _root;
    private readonly NetworkPlan _plan;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private ILifetimeScope? _scope;
    private volatile VpnService? _service;

    internal NodeNetwork(ILifetimeScope root, NetworkPlan plan) => (_root, _plan) = (root, plan);

    /// <summary>The network's name.</summary>
    public string Name => Configuration.Name;

    /// <summary>Its configuration.</summary>
    public NetworkConfiguration Configuration => _plan.Configuration;

    /// <summary>The running service; null while the network is stopped.</summary>
    public IVpnService? Service => _service;

    /// <summary>Composes and starts the network. A second call while it runs does nothing.</summary>
    /// <param name="cancellationToken">Abandons the start and undoes what was done.</param>
    /// <exception cref="VpnException">It cannot start; nothing of it stays behind.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_service is not null)
                return;
            var scope = await ComposeAsync();
            try
            {
                var service = scope.ResolveOrTell<VpnService>();
                await service.StartAsync(cancellationToken);
                (_scope, _service) = (scope, service);
            }
            catch
            {
                await scope.DisposeAsync();
                throw;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops the network and lets go of its strategies. Safe twice, and safe without a start.</summary>
    /// <param name="cancellationToken">Stops waiting for streams to close; everything is released all the same.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (_service is not { } service)
                return;
            _service = null;
            // Whatever goes wrong on the way down, the scope lets go of the rest.
            await using var scope = _scope!;
            _scope = null;
            await service.StopAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What the network is doing.</summary>
    public NetworkSnapshot GetSnapshot() => _service?.GetSnapshot() ?? new NetworkSnapshot
    {
        Name = Name,
        State = VpnServiceState.Stopped,
        Addresses = Configuration.Settings.Addresses,
        Mtu = Configuration.Settings.Mtu,
        Metrics = new VpnMetricsSnapshot(),
        Peers = [],
    };

    /// <summary>Closes the circuit breakers of a peer by hand, and tries to reach it at once.</summary>
    /// <param name="peer">The peer.</param>
    /// <returns>The breakers that had something to forget, as they were before; null when the network does not run or does not know the peer.</returns>
    public IReadOnlyDictionary<ResilienceKey, CircuitSnapshot>? ResetPeer(PeerId peer) => _service?.ResetPeer(peer);

    /// <summary>Makes every strategy of the network and lets go of it again: what their constructors refuse is told without a start.</summary>
    internal async Task TryComposeAsync()
    {
        await using var scope = await ComposeAsync();
        scope.ResolveOrTell<VpnServiceDependencies>();
    }

    // With `tun: auto`, whether a factory supports this system is known only once it is made.
    private async Task<ILifetimeScope> ComposeAsync()
    {
        string? fault = null;
        foreach (var candidate in _plan.TunCandidates)
        {
            if (!candidate.IsSelected)
            {
                fault ??= candidate.Error.Message;
                continue;
            }
            var scope = _root.BeginLifetimeScope(ScopeTags.Network, builder => Register(builder, candidate.Strategy));
            var isSupported = false;
            try
            {
                isSupported = Configuration.Strategies.Tun != StrategyOptions.AutoTun || scope.ResolveOrTell<ITunDeviceFactory>().IsSupported;
            }
            finally
            {
                if (!isSupported)
                    await scope.DisposeAsync();
            }
            if (isSupported)
                return scope;
        }
        throw new VpnException(
            VpnErrorReason.Tun, fault ?? $"no TUN plugin supports this system. Name one in the configuration ({Configuration.Path}: strategies: tun: NAME).");
    }

    private void Register(ContainerBuilder builder, SelectedStrategy tun)
    {
        var settings = Configuration.Settings;
        builder.RegisterInstance(settings);
        builder.RegisterInstance(settings.Resilience);
        builder.RegisterInstance(settings.Scheduling);
        builder.Register(context => ContextOf(settings, context.Resolve<INodeIdentity>())).InstancePerMatchingLifetimeScope(ScopeTags.Network);
        foreach (var strategy in _plan.Strategies.Append(tun))
            builder.RegisterStrategy(strategy);
        builder.RegisterType<VpnServiceDependencies>().InstancePerMatchingLifetimeScope(ScopeTags.Network);
        builder.RegisterType<VpnService>().InstancePerMatchingLifetimeScope(ScopeTags.Network);
    }

    private static NetworkContext ContextOf(NetworkSettings settings, INodeIdentity identity) => new()
    {
        Name = settings.Name,
        LocalPeer = identity.Id,
        VirtualIps = [.. settings.Addresses.Select(address => address.Address)],
        Subnets = [.. settings.Addresses.Select(address => address.Subnet)],
        Mtu = settings.Mtu,
    };
}
