using Microsoft.Extensions.Logging;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Hosting.Nodes;

/// <summary>
/// A node: an identity, a transport, and the networks that share them. Thread-safe. It can be started again after it was
/// stopped.
/// </summary>
public sealed partial class SubnetVpnNode : IAsyncDisposable
{
    private readonly NodeServices _services;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile NodePlan _plan;
    private volatile NodeRun? _run;
    private int _state;

    /// <summary>Makes a node; nothing happens before <see cref="StartAsync"/>.</summary>
    /// <param name="plan">What it consists of; stays the caller's, and must outlive the node.</param>
    /// <param name="services">What it takes from the process.</param>
    public SubnetVpnNode(NodePlan plan, NodeServices services)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(services);
        (_plan, _services) = (plan, services);
        _logger = services.Loggers.CreateLogger<SubnetVpnNode>();
    }

    /// <summary>What the node is doing.</summary>
    public VpnServiceState State => (VpnServiceState)Volatile.Read(ref _state);

    /// <summary>The networks while the node runs; empty otherwise. Each can be stopped and started alone.</summary>
    public IReadOnlyList<NodeNetwork> Networks => _run?.Networks ?? [];

    /// <summary>
    /// Reads the identity, or makes it on first start; listens; starts every network. When anything fails, all of it is
    /// undone. A second call while it runs does nothing.
    /// </summary>
    /// <param name="cancellationToken">Abandons the start and undoes what was done.</param>
    /// <exception cref="VpnException">It cannot start; the message says why and how to mend it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_run is not null)
                return;
            SetState(VpnServiceState.Starting);
            var run = NodeRun.Create(_plan, _services);
            try
            {
                await run.StartAsync(cancellationToken);
            }
            catch
            {
                await run.DisposeAsync();
                throw;
            }
            _run = run;
            SetState(VpnServiceState.Running);
            Log.Started(_logger, run.Identity.Id, run.ListenAddresses);
        }
        catch
        {
            SetState(VpnServiceState.Failed);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops every network, then the transport. Safe twice, and safe without a start.</summary>
    /// <param name="cancellationToken">Stops waiting for streams to close; everything is released all the same.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (_run is not { } run)
                return;
            SetState(VpnServiceState.Stopping);
            try
            {
                await run.StopNetworksAsync(cancellationToken);
            }
            finally
            {
                _run = null;
                await run.DisposeAsync();
                SetState(VpnServiceState.Stopped);
            }
            Log.Stopped(_logger);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes everything that a start makes, and lets go of it: what plugins refuse is told, but nothing is started or written.</summary>
    /// <exception cref="VpnException">The identity cannot be read, or a plugin refuses.</exception>
    public async Task CheckAsync()
    {
        await using var run = NodeRun.CreateForCheck(_plan, _services);
        await run.CheckAsync();
    }

    /// <summary>What the node is doing, with all its networks and peers.</summary>
    public NodeSnapshot GetSnapshot()
    {
        var run = _run;
        return new NodeSnapshot
        {
            State = State,
            Peer = run?.Identity.Id ?? default,
            StartedAt = run?.StartedAt,
            TakenAt = _services.Time.GetUtcNow(),
            TransportName = (run?.Plan ?? _plan).Transport.Descriptor.Name,
            ListenAddresses = run?.ListenAddresses ?? [],
            AnnouncedAddresses = (run?.Transport as IAnnouncedAddresses)?.GetAnnouncedAddresses() ?? [],
            ConfigurationFile = _plan.Configuration.File,
            Transport = (run?.Transport as ITransportDiagnostics)?.GetSnapshot(),
            Networks = run is null ? [] : [.. run.Networks.Select(network => network.GetSnapshot())],
        };
    }

    /// <summary>Stops the node.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _turn.Dispose();
    }

    private void SetState(VpnServiceState state) => Volatile.Write(ref _state, (int)state);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Node {PeerId} is running; it listens on {Addresses}")]
        public static partial void Started(ILogger logger, PeerId peerId, IReadOnlyList<string> addresses);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Node stopped")]
        public static partial void Stopped(ILogger logger);

        [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "The configuration was read again: {Applied} hold now; networks restarted: {Restarted}, started: {Started}, stopped: {Stopped}")]
        public static partial void Reloaded(
            ILogger logger, IReadOnlyList<string> applied, IReadOnlyList<string> restarted, IReadOnlyList<string> started, IReadOnlyList<string> stopped);

        [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "{Key} changed, which holds only after a restart of {What}")]
        public static partial void NeedsRestart(ILogger logger, string key, string what);

        [LoggerMessage(EventId = 5, Level = LogLevel.Error, Message = "The configuration was read again and is not used, for it is wrong; the node runs as before. {Reason}")]
        public static partial void NotReloaded(ILogger logger, string reason);

        [LoggerMessage(EventId = 6, Level = LogLevel.Error, Message = "Network {Network} could not be started anew: {Reason}")]
        public static partial void NotRestarted(ILogger logger, string network, string reason);

        [LoggerMessage(EventId = 7, Level = LogLevel.Information, Message = "The configuration was read again; nothing changed")]
        public static partial void NothingChanged(ILogger logger);
    }
}
