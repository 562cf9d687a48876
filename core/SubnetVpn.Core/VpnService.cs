using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Addresses;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Metrics;
using SubnetVpn.Core.Streams;
using SubnetVpn.Plugins;
using SubnetVpn.Streams;
using SubnetVpn.Tun;

namespace SubnetVpn.Core;

/// <summary>
/// One network of a node: owns its TUN device, pumps, peers and streams.
/// </summary>
/// <remarks>
/// <code>
/// TUN ─OutboundPump─▶ Dispatcher (parse, filter, route) ─▶ WorkerPool (flow) ─▶ PeerStreamPool ─▶ StreamChannel ─▶ peer
/// peer ─InboundService─▶ InboundStream (deframe, InboundGate) ─TunWriter─▶ TUN
/// </code>
/// </remarks>
public sealed partial class VpnService : IVpnService, IDispatcher, IStreamService, IStreamPool, IStreamHealth, IVpnDiagnostics, IAsyncDisposable
{
    private readonly VpnServiceDependencies _dependencies;
    private readonly LiveSettings _live;
    private readonly VpnMetrics _metrics;
    private readonly StreamHealth _health;
    private readonly IDisposable? _resilienceWatch;
    private readonly AddressHistory _history;
    private readonly ILogger _logger;
    private readonly Lock _applying = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile VpnRun? _run;
    private volatile string? _error;
    private int _state;

    /// <summary>Makes a network; nothing happens before <see cref="StartAsync"/>.</summary>
    /// <param name="dependencies">What it is made of.</param>
    public VpnService(VpnServiceDependencies dependencies)
    {
        ArgumentNullException.ThrowIfNull(dependencies);
        _dependencies = dependencies;
        _live = new LiveSettings(dependencies.Settings);
        _metrics = new VpnMetrics(dependencies.Meters, dependencies.Settings.Name);
        _metrics.ObserveActiveWorkers(() => _run?.ActiveWorkers ?? 0);
        _metrics.ObserveQueues(() => _run?.Queued ?? default);
        _history = dependencies.Owner?.History ?? new AddressHistory();
        _metrics.ObserveConflicts(_history.Count);
        _health = new StreamHealth(() => _run?.Sessions ?? [], _live, _metrics, dependencies.Time);
        _resilienceWatch = _metrics.ObserveResilience(dependencies.Resilience);
        _logger = dependencies.Loggers.CreateLogger<VpnService>();
    }

    /// <inheritdoc/>
    public VpnServiceState State => (VpnServiceState)Volatile.Read(ref _state);

    /// <summary>What exists while it runs; null otherwise.</summary>
    internal VpnRun? Run => _run;

    /// <summary>The settings that hold now: those it was made with, and what <see cref="Apply"/> changed of them.</summary>
    public NetworkSettings Settings => _live.Current;

    /// <summary>
    /// Replaces the settings, whether or not the network runs. Thread-safe; no packet that is allowed before and after is lost
    /// or reordered.
    /// </summary>
    /// <remarks>
    /// <para>At once: <see cref="NetworkSettings.UnallowedPorts"/>, the limits, timeouts and intervals of streams, flows,
    /// health checks and warming. A new interval begins when it is set. A smaller
    /// <see cref="NetworkSettings.MaxStreamsPerPeer"/> closes no stream that is in use, and
    /// <see cref="NetworkSettings.PacketBufferSize"/> holds for streams that are opened from then on.</para>
    /// <para>At once when the strategy can: <see cref="NetworkSettings.Scheduling"/> and
    /// <see cref="NetworkSettings.Resilience"/> (see <see cref="IReconfigurable{TSettings}"/>).</para>
    /// <para>Never: name, MTU, addresses, routes, TUN name and protocol, which only a new network can have.</para>
    /// </remarks>
    /// <param name="settings">The new settings, validated.</param>
    /// <returns>The names of the properties that differ and keep their old values. Empty when all of it holds now.</returns>
    public IReadOnlyList<string> Apply(NetworkSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        lock (_applying)
        {
            var before = _live.Current;
            var applied = SettingsChange.WithFixedOf(settings, before);
            if (applied.Scheduling != before.Scheduling && !TryApply(_dependencies.Scheduler, applied.Scheduling))
                applied = applied with { Scheduling = before.Scheduling };
            if (applied.Resilience != before.Resilience && !TryApply(_dependencies.Resilience, applied.Resilience))
                applied = applied with { Resilience = before.Resilience };
            _live.Current = applied;
            return SettingsChange.FindDifferences(SettingsChange.WithAutomaticOf(settings, applied), applied);
        }
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (State == VpnServiceState.Running)
                return;
            // Failed while it ran: what is left of that run goes first.
            if (_run is { } failed)
            {
                _run = null;
                await failed.StopAsync(cancellationToken);
            }
            SetState(VpnServiceState.Starting, null);
            try
            {
                _run = await VpnRun.StartAsync(_dependencies, _live, _metrics, _history, OnAddressLost, OnTunLost, cancellationToken);
            }
            catch (Exception exception)
            {
                SetState(VpnServiceState.Failed, exception.Message);
                throw;
            }
            _health.StartChecker();
            _health.StartWarmer();
            SetState(VpnServiceState.Running, null);
            if (_run.IsTunLost)
                OnTunLost();
            Log.Started(_logger, _dependencies.Settings.Name, _run.Tun.Name, _dependencies.Settings.Addresses);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Not cancellable: what was made is always taken down.
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (_run is not { } run)
                return;
            await StopRunAsync(run, cancellationToken);
            SetState(VpnServiceState.Stopped, null);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public VpnMetricsSnapshot GetMetrics() => _metrics.GetSnapshot();

    /// <inheritdoc/>
    public void Dispatch(PacketBuffer packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (_run is { } run)
        {
            run.Dispatcher.Dispatch(packet);
            return;
        }
        _metrics.PacketDropped(PacketDropReason.Stopping, inbound: false);
        packet.Release();
    }

    /// <inheritdoc/>
    public async ValueTask<PacketDropReason> DispatchAsync(PacketBuffer packet, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (_run is { } run)
            return await run.Dispatcher.DispatchAsync(packet, cancellationToken);
        Dispatch(packet);
        return PacketDropReason.Stopping;
    }

    /// <inheritdoc/>
    public NetworkSnapshot GetSnapshot()
    {
        var run = _run;
        return new NetworkSnapshot
        {
            Name = _dependencies.Settings.Name,
            State = State,
            Error = _error,
            Addresses = _dependencies.Settings.Addresses,
            AutomaticAddresses = [.. _dependencies.Settings.Addresses.Select(static own => own.Address).Where(_dependencies.Settings.IsAutomatic)],
            LostAddresses = _history.Lost,
            LastConflict = _history.Last,
            TunName = run?.Tun.Name,
            Mtu = _dependencies.Settings.Mtu,
            Offloads = run?.Tun.Capabilities ?? default,
            Metrics = GetMetrics(),
            Peers = run?.GetPeers() ?? [],
        };
    }

    /// <summary>Stops the network.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _resilienceWatch?.Dispose();
        _metrics.Dispose();
        _turn.Dispose();
    }

    private async Task StopRunAsync(VpnRun run, CancellationToken cancellationToken)
    {
        SetState(VpnServiceState.Stopping, null);
        await _health.StopCheckerAsync();
        await _health.StopWarmerAsync();
        _run = null;
        await run.StopAsync(cancellationToken);
        Log.Stopped(_logger, _dependencies.Settings.Name);
    }

    private bool TryApply<T>(object strategy, T settings) where T : class
    {
        if (strategy is not IReconfigurable<T> reconfigurable)
            return false;
        try
        {
            reconfigurable.Apply(settings);
            return true;
        }
        catch (Exception exception)
        {
            // A strategy may be a third party's; one that refuses goes on as it was.
            Log.NotReconfigured(_logger, exception, strategy.GetType().Name);
            return false;
        }
    }

    private void OnTunLost()
    {
        if (State == VpnServiceState.Stopping)
            return;
        var error = $"The TUN device of network {_dependencies.Settings.Name} is gone: it was removed, or reading from it failed (see the log). Restart the node.";
        Log.TunLost(_logger, _dependencies.Settings.Name);
        SetState(VpnServiceState.Failed, error);
    }

    private void SetState(VpnServiceState state, string? error)
    {
        _error = error;
        Volatile.Write(ref _state, (int)state);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Network {Network} is up on {Tun} with {VirtualIp}")]
        public static partial void Started(ILogger logger, string network, string tun, IReadOnlyList<TunAddress> virtualIp);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Network {Network} is down")]
        public static partial void Stopped(ILogger logger, string network);

        [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "The TUN device of network {Network} is gone; its packets stop here")]
        public static partial void TunLost(ILogger logger, string network);

        [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "{Strategy} did not take its new settings")]
        public static partial void NotReconfigured(ILogger logger, Exception exception, string strategy);
    }
}
