using System.Net;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Discovery;
using SubnetVpn.Plugins.Tests.Examples;
using SubnetVpn.Registry.Http;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

public sealed class HttpRegistryTests : IAsyncLifetime
{
    private static readonly PeerId s_two = TestPeers.Create(2);
    private static readonly PeerId s_three = TestPeers.Create(3);

    private LeaseLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await LeaseLab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task FindHolder_Again_IsAnsweredFromTheCacheUntilItIsOver()
    {
        _lab.Server.Give("10.0.0.2", s_two);
        var node = _lab.CreateNode();

        await node.AskAsync("10.0.0.2");
        _lab.Time.Advance(TimeSpan.FromSeconds(20));
        var cached = await node.AskAsync("10.0.0.2");
        var requests = node.Wire.Requests;
        _lab.Time.Advance(TimeSpan.FromSeconds(10));
        await node.AskAsync("10.0.0.2");

        Assert.Equal((s_two, TimeSpan.FromSeconds(10)), (cached.Mapping!.Peer, cached.Mapping.TimeToLive));
        Assert.Equal((1, 2), (requests, node.Wire.Requests));
    }

    [Fact]
    public async Task FindHolder_NobodyDid_IsSeenWithinSeconds()
    {
        var node = _lab.CreateNode();

        var before = await node.AskAsync("10.0.0.2");
        _lab.Server.Give("10.0.0.2", s_two);
        var cached = await node.AskAsync("10.0.0.2");
        _lab.Time.Advance(TimeSpan.FromSeconds(5));
        var after = await node.AskAsync("10.0.0.2");

        Assert.Equal(
            (PeerLookupOutcome.NotFound, PeerLookupOutcome.NotFound, PeerLookupOutcome.Found),
            (before.Outcome, cached.Outcome, after.Outcome));
    }

    [Fact]
    public async Task FindHolder_ManyAtOnce_IsOneRequest()
    {
        _lab.Server.Give("10.0.0.2", s_two);
        var node = _lab.CreateNode();
        var gate = new TaskCompletionSource();
        node.Wire.Gate = gate.Task;

        var lookups = Enumerable.Range(0, 50).Select(_ => node.AskAsync("10.0.0.2")).ToList();
        gate.SetResult();

        Assert.All(await Task.WhenAll(lookups), static lookup => Assert.Equal(s_two, lookup.Mapping?.Peer));
        Assert.Equal(1, node.Wire.Requests);
    }

    [Fact]
    public async Task FindHolder_FirstWhoAskedGaveUp_OthersGetTheAnswer()
    {
        _lab.Server.Give("10.0.0.2", s_two);
        var node = _lab.CreateNode();
        var gate = new TaskCompletionSource();
        node.Wire.Gate = gate.Task;
        using var first = new CancellationTokenSource();

        var given = node.Registry.FindHolderAsync(VirtualIp.Parse("10.0.0.2"), first.Token).AsTask();
        var other = node.AskAsync("10.0.0.2");
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        gate.SetResult();

        Assert.Equal(s_two, (await other).Mapping?.Peer);
    }

    [Fact]
    public async Task FindHolder_ServerIsDown_FailsWithoutStaleAnswers()
    {
        _lab.Server.Give("10.0.0.2", s_two);
        var node = _lab.CreateNode();
        await node.AskAsync("10.0.0.2");

        node.Wire.IsCut = true;
        _lab.Time.Advance(TimeSpan.FromSeconds(30));
        var down = await node.AskAsync("10.0.0.2");
        var requests = node.Wire.Requests;
        var another = await node.AskAsync("10.0.0.3");
        var atOnce = node.Wire.Requests == requests;
        node.Wire.IsCut = false;
        _lab.Time.Advance(TimeSpan.FromSeconds(2));
        var up = await node.AskAsync("10.0.0.2");

        Assert.Equal((PeerLookupOutcome.Failed, PeerLookupOutcome.Failed), (down.Outcome, another.Outcome));
        Assert.Contains("The wire is cut.", down.Detail, StringComparison.Ordinal);
        Assert.True(atOnce);
        Assert.Equal(s_two, up.Mapping?.Peer);
        Assert.Equal(1, node.Probe.Sum("subnetvpn.registry_http.requests", "operation=look_up", "outcome=unreachable"));
    }

    [Fact]
    public async Task FindHolder_NoReply_FailsAfterTheTimeout()
    {
        var node = _lab.CreateNode();
        node.Wire.Gate = new TaskCompletionSource().Task;

        var asked = node.AskAsync("10.0.0.2");
        await _lab.Time.RunUntilAsync(asked);

        Assert.Equal(PeerLookupOutcome.Failed, (await asked).Outcome);
        Assert.Contains("did not answer within 5 s", (await asked).Detail, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(5), _lab.Time.Elapsed);
    }

    [Fact]
    public async Task FindHolder_ReplyWasChanged_IsForged()
    {
        _lab.Server.Give("10.0.0.2", s_two);
        var node = _lab.CreateNode();
        node.Wire.After = async response => response.Content = new StringContent(
            (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Replace(s_two.ToString(), s_three.ToString(), StringComparison.Ordinal));

        await AssertForgedAsync(node);
    }

    [Fact]
    public async Task FindHolder_StatusWasChanged_IsForged()
    {
        _lab.Server.Give("10.0.0.2", s_two);
        var node = _lab.CreateNode();
        node.Wire.After = static response =>
        {
            response.StatusCode = HttpStatusCode.Created;
            return Task.CompletedTask;
        };

        await AssertForgedAsync(node);
    }

    [Fact]
    public async Task FindHolder_ReplyToAnotherQuestion_IsForged()
    {
        // What nobody holds, for what somebody does: with the right nonce, signed by the right server.
        _lab.Server.Give("10.0.0.2", s_two);
        var node = _lab.CreateNode();
        node.Wire.Before = static request => request.RequestUri = new Uri(request.RequestUri!, "10.0.0.3");

        await AssertForgedAsync(node);
    }

    [Fact]
    public async Task FindHolder_ReplyOfBefore_IsForged()
    {
        _lab.Server.Give("10.0.0.2", s_two);
        var node = _lab.CreateNode();
        node.Wire.Before = static request =>
        {
            request.Headers.Remove("Lease-Nonce");
            request.Headers.Add("Lease-Nonce", "AAAAAAAAAAAAAAAAAAAAAA");
        };

        await AssertForgedAsync(node);
    }

    [Fact]
    public async Task FindHolder_ServerWithAnotherKey_IsForged()
    {
        _lab.Server.Give("10.0.0.2", s_two);
        File.Delete(Path.Combine(_lab.Folder, "server.key"));
        var before = _lab.Server.PublicKey;
        await _lab.RestartAsync();

        Assert.NotEqual(before, _lab.Server.PublicKey);
        await AssertForgedAsync(_lab.CreateNode(serverKey: before));
    }

    [Theory]
    [InlineData("http://{0}/wrong/")]
    [InlineData("http://{0}/v1")]
    public async Task FindHolder_WrongUrl_IsAFailureAndNotNobody(string url)
    {
        var authority = _lab.Server.Url.Authority;
        var node = _lab.CreateNode(options: new HttpRegistryOptions { Url = new Uri(string.Format(null, url, authority)) });

        var lookup = await node.AskAsync("10.0.0.2");

        Assert.Equal(PeerLookupOutcome.Failed, lookup.Outcome);
    }

    [Theory]
    [InlineData("{}", "registry.http:url")]
    [InlineData("{ url: 'ftp://leases.example.org' }", "registry.http:url")]
    [InlineData("{ url: 'https://user:secret@leases.example.org' }", "registry.http:url")]
    [InlineData("{ url: 'https://leases.example.org?network=a' }", "registry.http:url")]
    [InlineData("{ url: 'https://leases.example.org', server_key: c2hvcnQ= }", "registry.http:server_key")]
    [InlineData("{ url: 'https://leases.example.org', network: 'a/b' }", "registry.http:network")]
    [InlineData("{ url: 'https://leases.example.org', renew_at: 1 }", "registry.http:renew_at")]
    public void Options_Wrong_AreAMistake(string section, string path)
    {
        List<ConfigurationMistake> mistakes = [];
        StrictBinder.Bind<HttpRegistryOptions>(YamlText.Read($$"""plugins: { registry.http: {{section}} }""").GetSection("plugins:registry.http"), mistakes);

        Assert.Equal($"plugins:{path}", Assert.Single(mistakes).Path);
    }

    [Fact]
    public void Create_UrlInsideTheNetwork_IsRefused()
    {
        var exception = Assert.Throws<VpnException>(() => _lab.CreateNode(options: new HttpRegistryOptions { Url = new Uri("http://10.0.0.7:8088") }));

        Assert.Equal(VpnErrorReason.Configuration, exception.Reason);
        Assert.Contains("10.0.0.7 is inside a virtual subnet", exception.Message, StringComparison.Ordinal);
    }

    private static async Task AssertForgedAsync(LeaseNode node)
    {
        var lookup = await node.AskAsync("10.0.0.2");

        Assert.Equal(PeerLookupOutcome.Failed, lookup.Outcome);
        Assert.Contains("not signed with server_key", lookup.Detail, StringComparison.Ordinal);
        Assert.Equal(1, node.Probe.Sum("subnetvpn.registry_http.requests", "outcome=forged"));
    }
}
