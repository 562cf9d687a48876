using System.Net;
using System.Text.Json;
using SubnetVpn.Core.Hosting.Identity;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

/// <summary>A server, and peers that send it what they like.</summary>
public abstract class LeaseServerFixture : IAsyncLifetime
{
    private readonly HttpClient _http = new();

    /// <summary>The server and its clock.</summary>
    internal LeaseLab Lab { get; private set; } = null!;

    internal NodeIdentity One { get; } = NodeIdentity.Generate();

    internal NodeIdentity Two { get; } = NodeIdentity.Generate();

    /// <summary>More settings of the server.</summary>
    protected virtual string[] Settings => [];

    public async ValueTask InitializeAsync() => Lab = await LeaseLab.StartAsync(Settings);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        One.Dispose();
        Two.Dispose();
        await Lab.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(SignedRequest request, NodeIdentity peer)
    {
        using var message = request.ToMessage(Lab.Server.Url, peer, Lab.Time.GetUtcNow());
        return await SendAsync(message);
    }

    internal async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string target)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(Lab.Server.Url, target));
        return await SendAsync(message);
    }

    /// <summary>Sends a request that must be refused.</summary>
    internal async Task AssertRefusedAsync(SignedRequest request, NodeIdentity peer, HttpStatusCode status, string kind)
    {
        var (given, body) = await SendAsync(request, peer);

        Assert.Equal((status, $"urn:subnetvpn:leases:{kind}"), (given, body.GetProperty("type").GetString()));
        Assert.Equal((int)status, body.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(body.GetProperty("detail").GetString()));
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpRequestMessage message)
    {
        using var response = await _http.SendAsync(message, TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Single(response.Headers.GetValues("Lease-Server-Signature"));
        return (response.StatusCode, bytes.Length == 0 ? default : JsonElement.Parse(bytes));
    }
}
