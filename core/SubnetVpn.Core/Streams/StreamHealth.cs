using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Dispatch;
using SubnetVpn.Core.Metrics;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

/// <summary>The health checker and the warmer of a network: two loops over its peers.</summary>
/// <param name="sessions">The peers; none while the network does not run.</param>
/// <param name="live">Intervals; a new one begins when it is set.</param>
/// <param name="metrics">What is counted.</param>
/// <param name="time">The clock.</param>
internal sealed class StreamHealth(Func<IReadOnlyList<PeerSession>> sessions, LiveSettings live, VpnMetrics metrics, TimeProvider time) : IStreamHealth
{
    private readonly Lock _gate = new();
    private Loop? _checker;
    private Loop? _warmer;

    public void StartChecker()
    {
        lock (_gate)
            _checker ??= Loop.Start(CheckAsync);
    }

    public ValueTask StopCheckerAsync() => StopAsync(ref _checker);

    public void StartWarmer()
    {
        lock (_gate)
            _warmer ??= Loop.Start(WarmAsync);
    }

    public ValueTask StopWarmerAsync() => StopAsync(ref _warmer);

    public StreamHealthSnapshot GetMetrics() => metrics.GetStreamHealth();

    private ValueTask StopAsync(ref Loop? loop)
    {
        Loop? stopped;
        lock (_gate)
            (stopped, loop) = (loop, null);
        return stopped?.StopAsync() ?? ValueTask.CompletedTask;
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await live.DelayAsync(time, static settings => settings.HealthCheckInterval - settings.HealthCheckTimeout, cancellationToken);
            foreach (var session in sessions())
                session.Streams.BeginChecks();
            await live.DelayAsync(time, static settings => settings.HealthCheckTimeout, cancellationToken);
            foreach (var session in sessions())
                session.Streams.EndChecks();
        }
    }

    private async Task WarmAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await live.DelayAsync(time, static settings => settings.WarmInterval, cancellationToken);
            foreach (var session in sessions())
                session.Streams.Warm(onlyInUse: true);
        }
    }

    // Nothing in the loops throws but their cancellation.
    private sealed class Loop
    {
        private readonly CancellationTokenSource _stopping = new();
        private Task _task = Task.CompletedTask;

        public static Loop Start(Func<CancellationToken, Task> run)
        {
            var loop = new Loop();
            loop._task = Task.Run(() => run(loop._stopping.Token));
            return loop;
        }

        public async ValueTask StopAsync()
        {
            await _stopping.CancelAsync();
            try
            {
                await _task;
            }
            catch (OperationCanceledException)
            {
                // As asked.
            }
            _stopping.Dispose();
        }
    }
}
