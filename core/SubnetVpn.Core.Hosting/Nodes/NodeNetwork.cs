using Autofac;
using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Addresses;
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
/// <remarks>A reload of the node's configuration gives it another plan: what can hold at once does, the rest waits for the next start.</remarks>
public sealed partial class NodeNetwork
{
    private readonly ILifetimeScope _root;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile NetworkPlan _plan;
    private volatile NetworkPlan? _running;
    private ILifetimeScope? _scope;
    private SelectedStrategy? _tun;
    private volatile VpnService? _service;

    internal NodeNetwork(ILifetimeScope root, NetworkPlan plan)
    {
        (_root, _plan) = (root, plan);
        _logger = root.Resolve<ILoggerFactory>().CreateLogger<NodeNetwork>();
    }

    /// <summary>The network's name.</summary>
    public string Name => _plan.Configuration.Name;

    /// <summary>The configuration it runs with; while it is stopped, the one that it will start with.</summary>
    public NetworkConfiguration Configuration => _service is { } service && _running is { } running
        ? running.Configuration with { Settings = service.Settings }
        : _plan.Configuration;

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
            if (_service is null)
                await StartAsync(_plan, cancellationToken);
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
        await EndMovesAsync();
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            await StopRunningAsync(cancellationToken);
            _idle = IdleState.Stopped;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What the network is doing.</summary>
    public NetworkSnapshot GetSnapshot() => _service?.GetSnapshot() ?? MakeIdleSnapshot(_idle);

    private NetworkSnapshot MakeIdleSnapshot(IdleState idle) => new()
    {
        Name = Name,
        State = idle.State,
        Error = idle.Error,
        LostAddresses = _history.Lost,
        LastConflict = _history.Last,
        Addresses = _plan.Configuration.Settings.Addresses,
        Mtu = _plan.Configuration.Settings.Mtu,
        Metrics = new VpnMetricsSnapshot(),
        Peers = [],
    };

    /// <summary>Closes the circuit breakers of a peer by hand, and tries to reach it at once.</summary>
    /// <param name="peer">The peer.</param>
    /// <returns>The breakers that had something to forget, as they were before; null when the network does not run or does not know the peer.</returns>
    public IReadOnlyDictionary<ResilienceKey, CircuitSnapshot>? ResetPeer(PeerId peer) => _service?.ResetPeer(peer);

    /// <summary>Asks every discovery source who holds an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    /// <returns>What each said, and what is used; null when the network does not run.</returns>
    public async Task<AddressResolution?> ResolveAsync(VirtualIp address, CancellationToken cancellationToken) =>
        _service is { } service ? await service.ResolveAsync(address, cancellationToken) : null;

    /// <summary>Makes every strategy of the network and lets go of it again: what their constructors refuse is told without a start.</summary>
    internal async Task TryComposeAsync()
    {
        var settings = _plan.Configuration.Settings.WithAutomaticAddresses(_root.Resolve<INodeIdentity>().Id, 0);
        var (scope, _) = await ComposeAsync(_plan with { Configuration = _plan.Configuration with { Settings = settings } });
        await using (scope)
            scope.ResolveOrTell<VpnServiceDependencies>();
    }

    private async Task StartChosenAsync(NetworkPlan plan, CancellationToken cancellationToken)
    {
        var (scope, tun) = await ComposeAsync(plan);
        try
        {
            var service = scope.ResolveOrTell<VpnService>();
            await service.StartAsync(cancellationToken);
            WarnOfClosedNetwork(scope, plan.Configuration);
            (_scope, _tun, _running, _service) = (scope, tun, plan, service);
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }
    }

    private async Task StopRunningAsync(CancellationToken cancellationToken)
    {
        if (_service is not { } service)
            return;
        (_service, _running) = (null, null);
        // Whatever goes wrong on the way down, the scope lets go of the rest.
        await using var scope = _scope!;
        _scope = null;
        await service.StopAsync(cancellationToken);
    }

    // With `tun: auto`, whether a factory supports this system is known only once it is made.
    private async Task<(ILifetimeScope Scope, SelectedStrategy Tun)> ComposeAsync(NetworkPlan plan)
    {
        var configuration = plan.Configuration;
        string? fault = null;
        foreach (var candidate in plan.TunCandidates)
        {
            if (!candidate.IsSelected)
            {
                fault ??= candidate.Error.Message;
                continue;
            }
            var scope = _root.BeginLifetimeScope(ScopeTags.Network, builder => Register(builder, plan, candidate.Strategy));
            var isSupported = false;
            try
            {
                isSupported = configuration.Strategies.Tun != StrategyOptions.AutoTun || scope.ResolveOrTell<ITunDeviceFactory>().IsSupported;
            }
            finally
            {
                if (!isSupported)
                    await scope.DisposeAsync();
            }
            if (isSupported)
                return (scope, candidate.Strategy);
        }
        throw new VpnException(
            VpnErrorReason.Tun, fault ?? $"no TUN plugin supports this system. Name one in the configuration ({configuration.Path}: strategies: tun: NAME).");
    }

    private void Register(ContainerBuilder builder, NetworkPlan plan, SelectedStrategy tun)
    {
        var settings = plan.Configuration.Settings;
        builder.RegisterInstance(settings);
        builder.RegisterInstance(settings.Resilience);
        builder.RegisterInstance(settings.Scheduling);
        builder.RegisterInstance<IAddressOwner>(this).ExternallyOwned();
        builder.Register(context => ContextOf(settings, context.Resolve<INodeIdentity>(), context.Resolve<ListenState>())).InstancePerMatchingLifetimeScope(ScopeTags.Network);
        foreach (var strategy in plan.Strategies.Append(tun))
            builder.RegisterStrategy(strategy);
        builder.RegisterType<VpnServiceDependencies>().InstancePerMatchingLifetimeScope(ScopeTags.Network);
        builder.RegisterType<VpnService>().InstancePerMatchingLifetimeScope(ScopeTags.Network);
    }

    private static NetworkContext ContextOf(NetworkSettings settings, INodeIdentity identity, ListenState listening) => new()
    {
        Name = settings.Name,
        LocalPeer = identity.Id,
        VirtualIps = [.. settings.Addresses.Select(address => address.Address)],
        AutomaticIps = [.. settings.Addresses.Select(address => address.Address).Where(settings.IsAutomatic)],
        Subnets = [.. settings.Addresses.Select(address => address.Subnet)],
        Key = settings.NetworkKey ?? NetworkKey.Open(settings.Name),
        Mtu = settings.Mtu,
        ListenAddresses = listening.Addresses,
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "Network {Network}: {VirtualIp} is held by {PeerId}, as {Source} says; taking {Next}")]
        public static partial void Taken(ILogger logger, string network, VirtualIp virtualIp, PeerId peerId, string source, IReadOnlyList<TunAddress> next);

        [LoggerMessage(EventId = 21, Level = LogLevel.Error, Message = "Network {Network} lost its address {VirtualIp} and did not start with another; it is down")]
        public static partial void NotMoved(ILogger logger, Exception exception, string network, VirtualIp virtualIp);
    }
}
