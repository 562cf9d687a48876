using LeaseServer.Http;
using LeaseServer.Leases;
using LeaseServer.Signing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Hosting.Identity;

namespace LeaseServer;

/// <summary>Puts the server together.</summary>
internal static partial class LeaseApplication
{
    private const int MaxConnections = 1000;
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxHeaderBytes = 16 * 1024;

    private static readonly TimeSpan s_headersTimeout = TimeSpan.FromSeconds(10);

    private static readonly string[] s_everywhere = ["*", "+", "0.0.0.0", "[::]"];

    /// <summary>Makes it; it listens once it is started.</summary>
    /// <param name="args">Settings, such as <c>--urls http://127.0.0.1:8088</c>.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="LeaseServerException">Something of the configuration is wrong.</exception>
    public static WebApplication Create(string[] args, TimeProvider time)
    {
        // appsettings.json stands beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
            kestrel.Limits.RequestHeadersTimeout = s_headersTimeout;
        });
        var options = builder.Configuration.GetSection("Leases").Get<LeaseServerOptions>() ?? new LeaseServerOptions();
        var networks = options.Networks.ToDictionary(static entry => entry.Key, static entry => new LeaseNetwork(entry.Key, entry.Value));
        CheckAuthorities(options, builder.Configuration["urls"]);
        if (networks.Count == 0 || options.Duration < TimeSpan.FromSeconds(1) || options.RequestsPerSecond < 1 || options.Burst < 1)
            throw new LeaseServerException("Leases needs one network at least, a Duration of a second or more, and RequestsPerSecond and Burst of 1 or more.");

        var signatures = new Ed25519Signatures();
        var key = ServerKey.Open(options.KeyFile, signatures);
        var book = new LeaseBook(new LeaseFile(options.File), options.Duration, time);
        builder.Services.AddSingleton(book);
        builder.Services.AddSingleton(key);
        builder.Services.AddSingleton<IReadOnlyDictionary<string, LeaseNetwork>>(networks);

        var app = builder.Build();
        var verifier = new RequestVerifier(signatures, () => Authorities(app, options), peer => networks.Values.Any(network => network.Allows(peer)), time);
        var exchange = new LeaseExchange(
            verifier, key, new RequestBuckets(options.RequestsPerSecond, options.Burst, time), time, app.Services.GetRequiredService<ILogger<LeaseExchange>>());
        new LeaseEndpoints(exchange, networks, book, time).Map(app);
        app.Lifetime.ApplicationStarted.Register(() => LogStarted(app.Logger, string.Join(", ", app.Urls), string.Join(", ", Authorities(app, options)), key.Public));
        return app;
    }

    private static IReadOnlyList<string> Authorities(WebApplication app, LeaseServerOptions options) => options.Authorities.Count > 0
        ? [.. options.Authorities.Select(static authority => authority.ToLowerInvariant())]
        : [.. Addresses(app).Select(BindingAddress.Parse).Select(static address => FormattableString.Invariant($"{address.Host.ToLowerInvariant()}:{address.Port}"))];

    private static ICollection<string> Addresses(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    // A signature names the server that it is for: one that listens everywhere must be told its name.
    private static void CheckAuthorities(LeaseServerOptions options, string? urls)
    {
        if (options.Authorities.FirstOrDefault(static authority => !Uri.TryCreate($"http://{authority}", UriKind.Absolute, out _) || !authority.Contains(':', StringComparison.Ordinal)) is { } wrong)
            throw new LeaseServerException($"Leases:Authorities: '{wrong}' is no host with a port, such as leases.example.org:443.");
        foreach (var url in (urls ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (options.Authorities.Count == 0 && s_everywhere.Contains(BindingAddress.Parse(url).Host))
                throw new LeaseServerException($"Leases:Authorities must name the host and port of clients' urls, such as leases.example.org:443, because {url} listens on every address.");
    }

    [LoggerMessage(1, LogLevel.Information, "Listens at {Urls}, known to clients as {Authorities}. They may pin it: server_key: {Key}")]
    private static partial void LogStarted(ILogger logger, string urls, string authorities, string key);
}
