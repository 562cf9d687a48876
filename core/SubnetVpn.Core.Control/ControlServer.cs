using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Control.Telemetry;
using SubnetVpn.Core.Hosting.Control;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Control.Reports;
using SubnetVpn.Core.Hosting.Nodes;

namespace SubnetVpn.Core.Control;

/// <summary>Serves the control API of a node on a Unix socket that only its owner can use.</summary>
public sealed partial class ControlServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ControlSocket _socket;

    private ControlServer(WebApplication application, ControlSocket socket) => (_application, _socket) = (application, socket);

    /// <summary>Starts to serve. From then on the API answers, also while the node starts and stops.</summary>
    /// <param name="node">The node.</param>
    /// <param name="plan">Its plan, for the plugins and the path of the socket.</param>
    /// <param name="telemetry">Where its metrics come from; stays the caller's.</param>
    /// <param name="loggers">Makes loggers; stays the caller's.</param>
    /// <param name="cancellationToken">Abandons the start.</param>
    /// <returns>The server; disposing of it ends it and removes the socket.</returns>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Control"/>: the socket cannot be made, or another node uses it.</exception>
    public static Task<ControlServer> StartAsync(
        SubnetVpnNode node, NodePlan plan, NodeTelemetry telemetry, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        StartAsync(node, plan, telemetry, loggers, stop: null, cancellationToken);

    /// <summary>Starts to serve. From then on the API answers, also while the node starts and stops.</summary>
    /// <param name="node">The node.</param>
    /// <param name="plan">Its plan, for the plugins and the path of the socket.</param>
    /// <param name="telemetry">Where its metrics come from; stays the caller's.</param>
    /// <param name="loggers">Makes loggers; stays the caller's.</param>
    /// <param name="stop">Begins to end the process, as a signal would, and returns at once; null when that is not the API's business.</param>
    /// <param name="cancellationToken">Abandons the start.</param>
    /// <returns>The server; disposing of it ends it and removes the socket.</returns>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Control"/>: the socket cannot be made, or another node uses it.</exception>
    public static async Task<ControlServer> StartAsync(
        SubnetVpnNode node, NodePlan plan, NodeTelemetry telemetry, ILoggerFactory loggers, Action? stop, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(telemetry);
        ArgumentNullException.ThrowIfNull(loggers);
        var socket = ControlSocket.Open(plan.Configuration.ControlSocket);
        WebApplication? application = null;
        try
        {
            application = Build(socket, loggers);
            Map(application, node, plan, telemetry);
            application.MapPost(ControlPaths.Stop, context => StopAsync(context, stop));
            await application.StartAsync(cancellationToken);
            var logger = loggers.CreateLogger<ControlServer>();
            Log.Serving(logger, socket.Path);
            return new ControlServer(application, socket);
        }
        catch
        {
            if (application is not null)
                await application.DisposeAsync();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Ends what is being answered and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        // New clients are turned away first, so that none waits for an answer that never comes.
        _socket.Dispose();
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _application.StopAsync(atOnce.Token);
        await _application.DisposeAsync();
    }

    private static WebApplication Build(ControlSocket socket, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "subnetvpnd" });
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.Services.AddRoutingCore();
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = _ => socket.Listener);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = 0;
            options.Limits.MaxConcurrentConnections = 64;
            options.ListenUnixSocket(socket.Path);
        });
        return builder.Build();
    }

    private static void Map(WebApplication application, SubnetVpnNode node, NodePlan plan, NodeTelemetry telemetry)
    {
        application.UseRouting();
        Get(application, ControlPaths.Status, () => StatusReport.Make(node.GetSnapshot()), ControlJson.Api.NodeStatus);
        Get(application, ControlPaths.Peers, () => PeerReport.Make(node.GetSnapshot()), ControlJson.Api.PeerList);
        Get(application, ControlPaths.Streams, () => StreamReport.Make(node.GetSnapshot()), ControlJson.Api.StreamList);
        Get(application, ControlPaths.Plugins, () => PluginReport.Make(plan.Catalog), ControlJson.Api.PluginList);
        Get(application, ControlPaths.Metrics, () => MetricReport.Make(telemetry.Collect()), ControlJson.Api.MetricList);
        application.MapGet(ControlPaths.Prometheus, context =>
        {
            var openMetrics = context.Request.Headers.Accept.ToString().Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
            context.Response.ContentType = openMetrics ? PrometheusText.OpenMetricsContentType : PrometheusText.ContentType;
            return context.Response.WriteAsync(PrometheusText.Write(telemetry.Collect(), openMetrics));
        });
        application.MapPost(ControlPaths.Reload, context => ReloadAsync(context, node));
        application.MapGet(ControlPaths.Resolve, context => ResolveAsync(context, node));
        application.MapPost(ControlPaths.ResetPeer, context => ResetPeerAsync(context, node));
        application.MapFallback(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsJsonAsync(new ControlError($"There is no {context.Request.Path} here."), ControlJson.Api.ControlError);
        });
    }

    private static async Task ReloadAsync(HttpContext context, SubnetVpnNode node)
    {
        var restart = context.Request.Query["restart"] == "true";
        var result = await ReloadReporter.ReloadAsync(node, restart, context.RequestAborted);
        context.Response.StatusCode = result.Outcome switch
        {
            ReloadReporter.Rejected => StatusCodes.Status422UnprocessableEntity,
            ReloadReporter.Failed => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status200OK,
        };
        await context.Response.WriteAsJsonAsync(result, ControlJson.Api.ReloadResult);
    }

    private static Task StopAsync(HttpContext context, Action? stop)
    {
        if (stop is null)
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return context.Response.WriteAsJsonAsync(new ControlError("this node is a part of another program, which alone can end it."), ControlJson.Api.ControlError);
        }
        // Answered first: what is being answered is cut off when the server ends.
        context.Response.OnCompleted(() =>
        {
            stop();
            return Task.CompletedTask;
        });
        return context.Response.WriteAsJsonAsync(new NodeStopping(Environment.ProcessId), ControlJson.Api.NodeStopping);
    }

    private static Task ResetPeerAsync(HttpContext context, SubnetVpnNode node)
    {
        try
        {
            var answer = PeerResetter.Reset(node, (string)context.Request.RouteValues["peer"]!, node.GetSnapshot().TakenAt);
            return context.Response.WriteAsJsonAsync(answer, ControlJson.Api.PeerReset);
        }
        catch (VpnException exception)
        {
            // Not 404, which says that a path is of another version.
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return context.Response.WriteAsJsonAsync(new ControlError(exception.Message), ControlJson.Api.ControlError);
        }
    }

    private static async Task ResolveAsync(HttpContext context, SubnetVpnNode node)
    {
        try
        {
            var network = context.Request.Query["network"] is [{ } name] ? name : null;
            var answer = await AddressResolver.ResolveAsync(node, (string)context.Request.RouteValues["ip"]!, network, context.RequestAborted);
            await context.Response.WriteAsJsonAsync(answer, ControlJson.Api.ResolveAnswer);
        }
        catch (VpnException exception)
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await context.Response.WriteAsJsonAsync(new ControlError(exception.Message), ControlJson.Api.ControlError);
        }
    }

    private static void Get<T>(IEndpointRouteBuilder routes, string path, Func<T> answer, JsonTypeInfo<T> type) =>
        routes.MapGet(path, context => context.Response.WriteAsJsonAsync(answer(), type));

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Control API on {Socket}")]
        public static partial void Serving(ILogger logger, string socket);
    }
}
