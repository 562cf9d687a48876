using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace SubnetVpn.Registry.Http.Protocol;

/// <summary>Asks a lease server about addresses of one network; signs what changes something, and verifies replies. Thread-safe.</summary>
internal sealed class LeaseClient : IDisposable
{
    private const int NonceLength = 16;
    private const int MaxReplyBytes = 64 * 1024;

    private readonly HttpClient _http;
    private readonly INodeIdentity _identity;
    private readonly IEd25519 _signatures;
    private readonly TimeProvider _time;
    private readonly Action<HttpMethod, LeaseOutcome> _count;
    private readonly string _network;
    private readonly string _base;
    private readonly string _authority;
    private readonly byte[]? _serverKey;
    private readonly TimeSpan _timeout;

    /// <param name="options">Where the server is, and its key.</param>
    /// <param name="network">The network's name on the server.</param>
    /// <param name="identity">Signs.</param>
    /// <param name="signatures">Verifies.</param>
    /// <param name="time">The clock.</param>
    /// <param name="handler">What requests go through; disposed of with this.</param>
    /// <param name="count">Told of each request.</param>
    public LeaseClient(
        HttpRegistryOptions options, string network, INodeIdentity identity, IEd25519 signatures, TimeProvider time, HttpMessageHandler handler, Action<HttpMethod, LeaseOutcome> count)
    {
        (_network, _identity, _signatures, _time, _count, _timeout) = (network, identity, signatures, time, count, options.Timeout);
        var url = options.Url!;
        _base = url.AbsoluteUri.TrimEnd('/');
        _authority = LeasePaths.AuthorityOf(url);
        _serverKey = options.ServerKey is { } key ? ServerSignature.ReadKey(key) : null;
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxReplyBytes };
    }

    /// <summary>Looks up who holds an address.</summary>
    public Task<LeaseAnswer> FindAsync(VirtualIp address, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, address, cancellationToken);

    /// <summary>Requests the lease of an address for this node, or renews it.</summary>
    public Task<LeaseAnswer> RequestAsync(VirtualIp address, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, address, cancellationToken);

    /// <summary>Gives a lease back.</summary>
    public Task<LeaseAnswer> ReleaseAsync(VirtualIp address, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, address, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<LeaseAnswer> SendAsync(HttpMethod method, VirtualIp address, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        LeaseAnswer answer;
        try
        {
            answer = await ExchangeAsync(method, address, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            answer = LeaseAnswer.None(LeaseOutcome.Unreachable, string.Create(CultureInfo.InvariantCulture, $"{_base} did not answer within {_timeout.TotalSeconds:0.#} s."));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            answer = LeaseAnswer.None(LeaseOutcome.Unreachable, $"{_base} cannot be asked: {(exception.InnerException ?? exception).Message}");
        }
        _count(method, answer.Outcome);
        return answer;
    }

    private async Task<LeaseAnswer> ExchangeAsync(HttpMethod method, VirtualIp address, CancellationToken cancellationToken)
    {
        var target = LeasePaths.OfLease(_network, address);
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceLength));
        using var request = new HttpRequestMessage(method, _base + target) { Version = HttpVersion.Version11 };
        request.Headers.Add(LeaseHeaders.Nonce, nonce);
        if (method != HttpMethod.Get)
            Sign(request, target, nonce);
        using var response = await _http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return IsGenuine(response, method, target, nonce, body)
            ? LeaseReply.Read(response.StatusCode, body, _network, address)
            : LeaseAnswer.None(LeaseOutcome.Forged, $"The reply of {_base} is not signed with server_key: somebody else answers, or the server has another key now.");
    }

    private void Sign(HttpRequestMessage request, string target, string nonce)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var text = CanonicalText.OfRequest(request.Method.Method, _authority, target, _identity.Id, now, nonce, []);
        request.Headers.Add(LeaseHeaders.Peer, _identity.Id.ToString());
        request.Headers.Add(LeaseHeaders.Time, now.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(LeaseHeaders.Signature, Convert.ToBase64String(_identity.Sign(text)));
    }

    private bool IsGenuine(HttpResponseMessage response, HttpMethod method, string target, string nonce, byte[] body)
    {
        if (_serverKey is null)
            return true;
        var signature = response.Headers.TryGetValues(LeaseHeaders.ServerSignature, out var values) ? ServerSignature.Read(values.First()) : null;
        return signature is not null && _signatures.Verify(_serverKey, CanonicalText.OfReply(method.Method, target, nonce, (int)response.StatusCode, body), signature);
    }
}
