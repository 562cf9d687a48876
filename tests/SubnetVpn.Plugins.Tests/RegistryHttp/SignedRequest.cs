using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LeaseServer.Signing;
using SubnetVpn.Core.Hosting.Identity;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

/// <summary>A request as a peer signs it, and what somebody made of it on the way.</summary>
internal sealed record SignedRequest(HttpMethod Method, string Target, string Body = "")
{
    /// <summary>For which host and port it is signed; null for the one that it is sent to.</summary>
    public string? Authority { get; init; }

    public string Nonce { get; init; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>How far the peer's clock is off.</summary>
    public TimeSpan Skew { get; init; }

    /// <summary>What is sent in the place of the body that was signed.</summary>
    public string? SentBody { get; init; }

    /// <summary>What is sent in the place of the target that was signed.</summary>
    public string? SentTarget { get; init; }

    /// <summary>Headers in the place of the right ones; null for none.</summary>
    public IReadOnlyDictionary<string, string?> SentHeaders { get; init; } = new Dictionary<string, string?>();

    public static SignedRequest Put(string address) => new(HttpMethod.Put, $"/v1/networks/default/leases/{address}");

    public static SignedRequest Delete(string address) => new(HttpMethod.Delete, $"/v1/networks/default/leases/{address}");

    public static SignedRequest Post(string body = "") => new(HttpMethod.Post, "/v1/networks/default/leases", body);

    public HttpRequestMessage ToMessage(Uri server, NodeIdentity peer, DateTimeOffset now)
    {
        var time = (now + Skew).ToUnixTimeSeconds();
        var text = CanonicalText.OfRequest(Method.Method, Authority ?? server.Authority, Target, peer.Id, time, Nonce, Encoding.UTF8.GetBytes(Body));
        var headers = new Dictionary<string, string?>
        {
            ["Lease-Peer"] = peer.Id.ToString(),
            ["Lease-Time"] = time.ToString(CultureInfo.InvariantCulture),
            ["Lease-Nonce"] = Nonce,
            ["Lease-Signature"] = Convert.ToBase64String(peer.Sign(text)),
        };
        foreach (var (name, value) in SentHeaders)
            headers[name] = value;
        var message = new HttpRequestMessage(Method, new Uri(server, SentTarget ?? Target)) { Content = new StringContent(SentBody ?? Body) };
        foreach (var (name, value) in headers)
            if (value is not null)
                message.Headers.TryAddWithoutValidation(name, value);
        return message;
    }
}
