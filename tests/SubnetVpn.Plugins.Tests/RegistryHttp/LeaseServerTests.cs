using System.Net;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Discovery;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

/// <summary>What the sample's server gives to whom.</summary>
public sealed class LeaseServerTests : LeaseServerFixture
{
    protected override string[] Settings => ["--Leases:Networks:default:Reserved:0=10.0.0.10", "--Leases:Networks:tiny:Subnets:0=10.1.0.0/30", "--Leases:Networks:tiny:Allow:0=any"];

    [Fact]
    public async Task Put_Free_IsCreatedThenRenewedThenReleased()
    {
        var (created, lease) = await SendAsync(SignedRequest.Put("10.0.0.7"), One);
        Lab.Time.Advance(TimeSpan.FromHours(1));
        var (found, _) = await GetAsync("/v1/networks/default/leases/10.0.0.7");
        var (renewed, longer) = await SendAsync(SignedRequest.Put("10.0.0.7"), One);
        var (released, _) = await SendAsync(SignedRequest.Delete("10.0.0.7"), One);
        var (gone, _) = await GetAsync("/v1/networks/default/leases/10.0.0.7");

        Assert.Equal(
            (HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.NotFound),
            (created, found, renewed, released, gone));
        Assert.Equal(("default", "10.0.0.7", One.Id.ToString()), (lease.GetProperty("network").GetString(), lease.GetProperty("address").GetString(), lease.GetProperty("peer").GetString()));
        Assert.Equal(7200, lease.GetProperty("expires_in").GetDouble());
        Assert.Equal(lease.GetProperty("expires_at").GetDateTimeOffset() + TimeSpan.FromHours(1), longer.GetProperty("expires_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Put_OfAnother_IsAConflictUntilItEnds()
    {
        await SendAsync(SignedRequest.Put("10.0.0.7"), One);

        var (status, body) = await SendAsync(SignedRequest.Put("10.0.0.7"), Two);
        var (release, _) = await SendAsync(SignedRequest.Delete("10.0.0.7"), Two);
        Lab.Time.Advance(TimeSpan.FromHours(2));
        var (after, _) = await SendAsync(SignedRequest.Put("10.0.0.7"), Two);

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Created), (status, release, after));
        Assert.Equal(One.Id.ToString(), body.GetProperty("lease").GetProperty("peer").GetString());
        Assert.Equal(Two.Id, Lab.Server.HolderOf("10.0.0.7"));
    }

    [Theory]
    [InlineData("10.0.1.7", HttpStatusCode.UnprocessableEntity, "outside-subnet")]
    [InlineData("10.0.0.0", HttpStatusCode.UnprocessableEntity, "reserved")]
    [InlineData("10.0.0.255", HttpStatusCode.UnprocessableEntity, "reserved")]
    [InlineData("10.0.0.10", HttpStatusCode.UnprocessableEntity, "reserved")]
    [InlineData("fd00::", HttpStatusCode.UnprocessableEntity, "reserved")]
    [InlineData("nonsense", HttpStatusCode.BadRequest, "bad-request")]
    public async Task Put_AddressThatNobodyMayHave_IsRefused(string address, HttpStatusCode status, string kind) =>
        await AssertRefusedAsync(SignedRequest.Put(address), One, status, kind);

    [Fact]
    public async Task Put_MoreThanOnePerSubnet_IsRefused()
    {
        await SendAsync(SignedRequest.Put("10.0.0.7"), One);
        var (other, _) = await SendAsync(SignedRequest.Put("fd00::7"), One);

        Assert.Equal(HttpStatusCode.Created, other);
        await AssertRefusedAsync(SignedRequest.Put("10.0.0.8"), One, HttpStatusCode.Forbidden, "too-many-leases");
    }

    [Fact]
    public async Task Get_LeasesOfAPeer_AreListed()
    {
        await SendAsync(SignedRequest.Put("10.0.0.7"), One);
        await SendAsync(SignedRequest.Put("fd00::7"), One);
        await SendAsync(SignedRequest.Put("10.0.0.8"), Two);

        var (status, body) = await GetAsync($"/v1/networks/default/leases?peer={One.Id}");
        var (without, _) = await GetAsync("/v1/networks/default/leases");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (status, without));
        Assert.Equal(["10.0.0.7", "fd00::7"], body.GetProperty("leases").EnumerateArray().Select(static lease => lease.GetProperty("address").GetString()));
    }

    [Fact]
    public async Task Post_GivesTheSameAgainThenTheNextFree()
    {
        var first = await PostAsync(One);
        var again = await PostAsync(One);
        var other = await PostAsync(Two);
        await SendAsync(SignedRequest.Delete(first), One);
        var third = NewPeer();
        var afterwards = await PostAsync(third);
        var back = await PostAsync(One);
        var (_, six) = await SendAsync(SignedRequest.Post("""{"subnet": "fd00::/64"}"""), One);

        Assert.Equal(("10.0.0.1", "10.0.0.1", "10.0.0.2"), (first, again, other));
        // Nobody gets what was somebody's while there is another one.
        Assert.Equal(("10.0.0.3", "10.0.0.1"), (afterwards, back));
        Assert.Equal("fd00::1", six.GetProperty("address").GetString());
    }

    [Fact]
    public async Task Post_NoneIsLeft_GivesTheOneThatIsOverForLongest()
    {
        // Of a /30 two addresses can be had.
        var post = SignedRequest.Post() with { Target = "/v1/networks/tiny/leases" };
        await SendAsync(post with { Nonce = "nonce-number-0001" }, One);
        Lab.Time.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(post with { Nonce = "nonce-number-0002" }, Two);
        await AssertRefusedAsync(post with { Nonce = "nonce-number-0003" }, NewPeer(), HttpStatusCode.Conflict, "subnet-full");

        Lab.Time.Advance(TimeSpan.FromHours(2));
        var (status, body) = await SendAsync(post with { Nonce = "nonce-number-0004" }, NewPeer());

        Assert.Equal((HttpStatusCode.Created, "10.1.0.1"), (status, body.GetProperty("address").GetString()));
    }

    [Theory]
    [InlineData("not json", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData("[]", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData("""{"subnet": 7}""", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData("""{"subnet": "10.9.0.0/24"}""", HttpStatusCode.UnprocessableEntity, "outside-subnet")]
    public async Task Post_WrongBody_IsRefused(string body, HttpStatusCode status, string kind) =>
        await AssertRefusedAsync(SignedRequest.Post(body), One, status, kind);

    [Fact]
    public async Task Request_UnknownNetworkOrPath_IsNotFound()
    {
        await AssertRefusedAsync(SignedRequest.Post() with { Target = "/v1/networks/other/leases" }, One, HttpStatusCode.NotFound, "unknown-network");
        await AssertRefusedAsync(SignedRequest.Put("10.0.0.7") with { Method = HttpMethod.Patch }, One, HttpStatusCode.NotFound, "no-such-path");
        var (status, body) = await GetAsync("/elsewhere");

        Assert.Equal((HttpStatusCode.NotFound, "urn:subnetvpn:leases:no-such-path"), (status, body.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Restart_KeepsLeases()
    {
        await SendAsync(SignedRequest.Put("10.0.0.7"), One);
        await SendAsync(SignedRequest.Put("fd00::7"), Two);
        var (_, before) = await GetAsync("/v1/networks/default/leases/10.0.0.7");

        await Lab.RestartAsync();
        var (_, after) = await GetAsync("/v1/networks/default/leases/10.0.0.7");

        Assert.Equal(before.ToString(), after.ToString());
        Assert.Equal(Two.Id, Lab.Server.HolderOf("fd00::7"));
        Assert.Equal(["leases.json", "server.key"], Directory.EnumerateFiles(Lab.Folder).Select(static file => Path.GetFileName(file)).Order());
    }

    [Fact]
    public async Task Put_PeerThatIsNotListed_IsNotAllowed()
    {
        await Lab.RestartAsync("--Leases:Networks:default:Allow:0=" + Two.Id);

        await AssertRefusedAsync(SignedRequest.Put("10.0.0.7"), One, HttpStatusCode.Forbidden, "not-allowed");
        var (status, _) = await SendAsync(SignedRequest.Put("10.0.0.7"), Two);

        Assert.Equal(HttpStatusCode.Created, status);
        // What the operator of a node reads.
        var lookup = await Lab.CreateNode("10.0.0.8").AskOwnAsync();
        Assert.Equal((PeerLookupOutcome.NotFound, "Add the peer id to Leases:Networks:default:Allow on the server."), (lookup.Outcome, lookup.Detail));
    }

    private async Task<string> PostAsync(NodeIdentity peer) => (await SendAsync(SignedRequest.Post(), peer)).Body.GetProperty("address").GetString()!;

    private static NodeIdentity NewPeer() => NodeIdentity.Generate();
}
