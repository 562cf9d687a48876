using System.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Control;
using SubnetVpn.Core.Control.Telemetry;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Nodes;

namespace SubnetVpn.Daemon;

/// <summary>Runs a node until a signal comes, or only checks whether it could.</summary>
internal sealed class NodeRunner(ConfigurationInputs inputs, LogLevel level)
{
    // The whole way down takes at most 5 s; streams get a part of that to close in good order.
    private static readonly TimeSpan s_streamsGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(4.5);

    // A collection stops everything for a moment: not for what a scrape of the metrics makes.
    private const long GarbageWorthGivingBack = 8 * 1024 * 1024;
    private const long AllocatedWhenSettled = 256 * 1024;
    private const long MethodsWorthGivingBack = 200;
    private const long CompiledWhenSettled = 100;

    // Seen: the compiler still holds what it took 8 s after it has become quiet, and has given it to the heap after 10 s.
    private const int LooksAfterCompiling = 6;

    private bool WantsDetails => level <= LogLevel.Debug;

    /// <summary>Checks configuration, plugins and identity.</summary>
    public async Task<int> CheckAsync()
    {
        try
        {
            // What is wrong is told in full as the error; the log would say it again.
            await using var services = HostServices.Make(WantsDetails ? level : LogLevel.None);
            using var plan = NodePlan.Make(inputs, services.GetRequiredService<ILoggerFactory>());
            await using var node = new SubnetVpnNode(plan, NodeServices.From(services));
            await node.CheckAsync();
            await Console.Out.WriteLineAsync($"{plan.Configuration.File}: all is well.");
            return ExitCode.Success;
        }
        catch (Exception exception)
        {
            return FaultReport.Write(exception, Console.Error, WantsDetails);
        }
    }

    /// <summary>Runs the node until a signal comes.</summary>
    public async Task<int> RunAsync()
    {
        using var termination = new TerminationSignal();
        var running = RunUntilAsync(termination);
        await Task.WhenAny(running, termination.WaitAsync());
        try
        {
            return await running.WaitAsync(s_stopLimit, TimeProvider.System, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            await Console.Error.WriteLineAsync($"error: the node did not stop within {s_stopLimit.TotalSeconds} s; what is left ends with the process.");
            return ExitCode.Failure;
        }
    }

    private static bool IsSet(string variable) => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(variable));

    // What reading the configuration, composing the node and connecting many peers took is garbage afterwards, and a node allocates too
    // little for a collection to come by itself; one that comes keeps its room for the next burst. So once it has settled, what was for
    // the burst goes back to the system (after 100 peers came: 13 MB of 24 MB), and what the compiler took for new code (at start: 6 MB).
    private static async Task GiveBackAsync(CancellationToken cancellationToken)
    {
        var garbage = new Burst(GarbageWorthGivingBack, AllocatedWhenSettled, looks: 1);
        var methods = new Burst(MethodsWorthGivingBack, CompiledWhenSettled, LooksAfterCompiling);
        while (true)
        {
            await Task.Delay(s_settled, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
                return;
            if (garbage.IsOver(GC.GetTotalAllocatedBytes()))
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            if (methods.IsOver(JitInfo.GetCompiledMethodCount()))
                NativeHeap.Trim();
        }
    }

    private async Task<int> RunUntilAsync(TerminationSignal termination)
    {
        try
        {
            await using var services = HostServices.Make(level);
            var loggers = services.GetRequiredService<ILoggerFactory>();
            using var plan = NodePlan.Make(inputs, loggers);
            var nodeServices = NodeServices.From(services);
            using var telemetry = new NodeTelemetry(nodeServices.Meters, exportOtlp: IsSet(NodeTelemetry.EndpointVariable));
            await using var node = new SubnetVpnNode(plan, nodeServices);
            await using var reload = new ReloadSignal(node);
            await using var control = await ControlServer.StartAsync(node, plan, telemetry, loggers, termination.Request, termination.Token);
            await node.StartAsync(termination.Token);
            await Task.WhenAll(GiveBackAsync(termination.Token), termination.WaitAsync());
            using var grace = new CancellationTokenSource(s_streamsGrace);
            await node.StopAsync(grace.Token);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (termination.Token.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
        catch (Exception exception)
        {
            return FaultReport.Write(exception, Console.Error, WantsDetails);
        }
    }
}
