using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SubnetVpn.Core.Hosting.Control.Contracts;

namespace SubnetVpn.Core.Hosting.Control;

/// <summary>Asks a running node over its control socket. Thread-safe.</summary>
public sealed class ControlClient : IDisposable
{
    // A node that takes longer than this to answer is stuck; a user should not have to find out by waiting.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    // Networks that are restarted close their streams first, and make their devices anew.
    private static readonly TimeSpan s_reloadPatience = TimeSpan.FromSeconds(60);

    // A discovery source has 10 s to answer, and all are asked at once.
    private static readonly TimeSpan s_resolvePatience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_stopInterval = TimeSpan.FromMilliseconds(50);

    private readonly string _socket;
    private readonly HttpClient _http;

    /// <summary>Makes a client; nothing is connected yet.</summary>
    /// <param name="socket">The control socket, a full path.</param>
    public ControlClient(string socket)
    {
        ArgumentException.ThrowIfNullOrEmpty(socket);
        _socket = socket;
        var handler = new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => ConnectAsync(socket, cancellationToken), UseProxy = false };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://node/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>What the node is doing.</summary>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Control"/>: it is not running, or does not answer.</exception>
    public Task<NodeStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        GetAsync(ControlPaths.Status, ControlJson.Api.NodeStatus, cancellationToken);

    /// <summary>Its peers.</summary>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Control"/>: it is not running, or does not answer.</exception>
    public Task<PeerList> GetPeersAsync(CancellationToken cancellationToken) =>
        GetAsync(ControlPaths.Peers, ControlJson.Api.PeerList, cancellationToken);

    /// <summary>The streams that carry its packets.</summary>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Control"/>: it is not running, or does not answer.</exception>
    public Task<StreamList> GetStreamsAsync(CancellationToken cancellationToken) =>
        GetAsync(ControlPaths.Streams, ControlJson.Api.StreamList, cancellationToken);

    /// <summary>Closes the circuit breakers of a peer by hand.</summary>
    /// <param name="peer">A peer id, or a virtual IP of the peer.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Control"/>: the node is not running, does not answer, or knows no such peer.</exception>
    public Task<PeerReset> ResetPeerAsync(string peer, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(peer);
        return SendAsync(HttpMethod.Post, ControlPaths.ResetPeer.Replace("{peer}", Uri.EscapeDataString(peer), StringComparison.Ordinal), ControlJson.Api.PeerReset, s_patience, [HttpStatusCode.OK], cancellationToken);
    }

    /// <summary>Has it ask its discovery sources who holds a virtual IP.</summary>
    /// <param name="address">The virtual IP.</param>
    /// <param name="network">The network; null for all that the address may belong to.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Control"/>: the node is not running, does not answer, or no network of it can have that address.</exception>
    public Task<ResolveAnswer> ResolveAsync(string address, string? network, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        var path = ControlPaths.Resolve.Replace("{ip}", Uri.EscapeDataString(address), StringComparison.Ordinal);
        if (network is not null)
            path += $"?network={Uri.EscapeDataString(network)}";
        return SendAsync(HttpMethod.Get, path, ControlJson.Api.ResolveAnswer, s_resolvePatience, [HttpStatusCode.OK], cancellationToken);
    }

    /// <summary>Its plugins.</summary>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Control"/>: it is not running, or does not answer.</exception>
    public Task<PluginList> GetPluginsAsync(CancellationToken cancellationToken) =>
        GetAsync(ControlPaths.Plugins, ControlJson.Api.PluginList, cancellationToken);

    /// <summary>Its metrics.</summary>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Control"/>: it is not running, or does not answer.</exception>
    public Task<MetricList> GetMetricsAsync(CancellationToken cancellationToken) =>
        GetAsync(ControlPaths.Metrics, ControlJson.Api.MetricList, cancellationToken);

    /// <summary>Has it read its configuration again.</summary>
    /// <param name="restart">Whether to restart the networks that need it.</param>
    /// <param name="cancellationToken">Stops waiting; the node may go on.</param>
    /// <returns>What came of it, also when the configuration is wrong.</returns>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Control"/>: it is not running, or does not answer.</exception>
    public Task<ReloadResult> ReloadAsync(bool restart, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post, restart ? ControlPaths.Reload + "?restart=true" : ControlPaths.Reload, ControlJson.Api.ReloadResult, s_reloadPatience,
        [HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity, HttpStatusCode.InternalServerError], cancellationToken);

    /// <summary>Has it end, with its process, and waits until it is gone.</summary>
    /// <param name="timeout">How long to wait for that.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops waiting; the node ends all the same.</param>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Control"/>: it is not running, does not answer, may not be ended this way, or does not end in time.</exception>
    public async Task StopAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        var start = time.GetTimestamp();
        var ending = await SendAsync(HttpMethod.Post, ControlPaths.Stop, ControlJson.Api.NodeStopping, s_patience, [HttpStatusCode.OK], cancellationToken);
        // It removes its socket when all else is undone; another node may use the place from then on.
        while (await FindProcessAsync(cancellationToken) == ending.Pid)
        {
            if (time.GetElapsedTime(start) >= timeout)
                throw Fault($"the node (process {ending.Pid}) has not ended after {timeout.TotalSeconds} s.");
            await Task.Delay(s_stopInterval, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<int?> FindProcessAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await GetStatusAsync(cancellationToken)).Pid;
        }
        catch (VpnException)
        {
            return null;
        }
    }

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, type, s_patience, [HttpStatusCode.OK], cancellationToken);

    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, JsonTypeInfo<T> type, TimeSpan patience, HttpStatusCode[] answers, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await _http.SendAsync(request, either.Token);
            await using var content = await response.Content.ReadAsStreamAsync(either.Token);
            if (answers.Contains(response.StatusCode))
                return await JsonSerializer.DeserializeAsync(content, type, either.Token) ?? throw new JsonException("The answer is null.");
            if (response.StatusCode == HttpStatusCode.UnprocessableEntity)
                throw Fault((await JsonSerializer.DeserializeAsync(content, ControlJson.Api.ControlError, either.Token))?.Error ?? "it says no, and not why.");
            throw Fault($"the node behind {_socket} answered {(int)response.StatusCode} to {path}. Is it of another version than this program?");
        }
        catch (HttpRequestException exception) when (exception.InnerException is SocketException socket)
        {
            throw Fault(Describe(socket), exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            throw Fault($"{_socket} gave no answer of a SubnetVpn node: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fault($"the node behind {_socket} did not answer within {patience.TotalSeconds} s.", exception);
        }
    }

    private string Describe(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.AccessDenied => $"no access to the control socket {_socket}: it belongs to another user. Run this as the user of the node, or as root.",
        SocketError.ConnectionRefused => $"the node is not running: nothing answers at the control socket {_socket}, which an earlier one left. Start it with: subnetvpn start",
        _ => $"the node is not running: there is no control socket {_socket}. Start it with: subnetvpn start, or name another node with --config FILE or --socket PATH.",
    };

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static VpnException Fault(string message, Exception? inner = null) => new(VpnErrorReason.Control, message, inner);
}
