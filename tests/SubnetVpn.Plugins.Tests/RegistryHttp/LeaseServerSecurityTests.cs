using System.Net;
using LeaseServer.Signing;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

/// <summary>What the sample's server does not believe, and what it does not put up with.</summary>
public sealed class LeaseServerSecurityTests : LeaseServerFixture
{
    [Fact]
    public async Task Replayed_IsRefused()
    {
        var put = SignedRequest.Put("10.0.0.7");
        await SendAsync(put, One);
        await SendAsync(SignedRequest.Delete("10.0.0.7"), One);

        await AssertRefusedAsync(put, One, HttpStatusCode.Unauthorized, "replayed");
        Assert.Null(Lab.Server.HolderOf("10.0.0.7"));
    }

    [Fact]
    public async Task Stranger_WhereOnlyListedPeersMayLease_TakesNoRoomInTheMemoryOfRequests()
    {
        await Lab.RestartAsync($"--Leases:Networks:default:Allow:0={Two.Id}");
        var put = SignedRequest.Put("10.0.0.7");

        await AssertRefusedAsync(put, One, HttpStatusCode.Forbidden, "not-allowed");
        await AssertRefusedAsync(put, One, HttpStatusCode.Forbidden, "not-allowed");
    }

    [Fact]
    public async Task Replayed_AfterARestart_IsRefused()
    {
        var put = SignedRequest.Put("10.0.0.7");
        using var message = put.ToMessage(Lab.Server.Url, One, Lab.Time.GetUtcNow());
        var authority = Lab.Server.Url.Authority;
        await SendAsync(put, One);

        Lab.Time.Advance(TimeSpan.FromSeconds(10));
        await Lab.RestartAsync($"--Leases:Authorities:0={authority}");

        await AssertRefusedAsync(put with { Authority = authority, Skew = TimeSpan.FromSeconds(-10) }, One, HttpStatusCode.Unauthorized, "clock-skew");
    }

    [Fact]
    public async Task Body_Changed_IsRefused() =>
        await AssertRefusedAsync(
            SignedRequest.Post("""{"subnet": "10.0.0.0/24"}""") with { SentBody = """{"subnet": "fd00::/64"}""" }, One, HttpStatusCode.Unauthorized, "bad-signature");

    [Fact]
    public async Task Target_Changed_IsRefused() =>
        await AssertRefusedAsync(
            SignedRequest.Put("10.0.0.7") with { SentTarget = "/v1/networks/default/leases/10.0.0.8" }, One, HttpStatusCode.Unauthorized, "bad-signature");

    [Fact]
    public async Task Peer_Changed_IsRefused() =>
        await AssertRefusedAsync(
            SignedRequest.Put("10.0.0.7") with { SentHeaders = new Dictionary<string, string?> { ["Lease-Peer"] = Two.Id.ToString() } }, One, HttpStatusCode.Unauthorized, "bad-signature");

    [Theory]
    [InlineData("other.example.org:443")]
    [InlineData("127.0.0.1:1")]
    public async Task SignedForAnotherServer_IsRefused(string authority) =>
        await AssertRefusedAsync(SignedRequest.Put("10.0.0.7") with { Authority = authority }, One, HttpStatusCode.Unauthorized, "bad-signature");

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public async Task Clock_Off_IsRefusedWithTheServersTime(int seconds)
    {
        Lab.Time.Advance(TimeSpan.FromHours(1));
        var put = SignedRequest.Put("10.0.0.7") with { Skew = TimeSpan.FromSeconds(seconds) };

        var (_, body) = await SendAsync(put, One);

        Assert.Equal(Lab.Time.GetUtcNow(), body.GetProperty("server_time").GetDateTimeOffset());
        await AssertRefusedAsync(put, One, HttpStatusCode.Unauthorized, "clock-skew");
    }

    [Theory]
    [InlineData(-300)]
    [InlineData(300)]
    public async Task Clock_AlmostRight_IsAccepted(int seconds)
    {
        Lab.Time.Advance(TimeSpan.FromHours(1));

        var (status, _) = await SendAsync(SignedRequest.Put("10.0.0.7") with { Skew = TimeSpan.FromSeconds(seconds) }, One);

        Assert.Equal(HttpStatusCode.Created, status);
    }

    [Theory]
    [InlineData("Lease-Peer", null, "not-signed")]
    [InlineData("Lease-Peer", "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N", "not-signed")]
    [InlineData("Lease-Time", "yesterday", "not-signed")]
    [InlineData("Lease-Time", "99999999999999999999", "not-signed")]
    [InlineData("Lease-Time", "9223372036854775807", "clock-skew")]
    [InlineData("Lease-Nonce", null, "not-signed")]
    [InlineData("Lease-Signature", null, "not-signed")]
    [InlineData("Lease-Signature", "AAAA", "not-signed")]
    public async Task Header_MissingOrWrong_IsRefused(string name, string? value, string kind) =>
        await AssertRefusedAsync(
            SignedRequest.Put("10.0.0.7") with { SentHeaders = new Dictionary<string, string?> { [name] = value } }, One, HttpStatusCode.Unauthorized, kind);

    [Fact]
    public async Task Body_TooLarge_IsRefused() =>
        await AssertRefusedAsync(SignedRequest.Post(new string(' ', 4097)), One, HttpStatusCode.RequestEntityTooLarge, "too-large");

    [Fact]
    public async Task Flood_OfOneAddress_IsRefusedUntilTimeHasPassed()
    {
        var statuses = await Task.WhenAll(Enumerable.Range(0, 150).Select(async _ => (await GetAsync("/v1/networks/default/leases/10.0.0.7")).Status));
        Lab.Time.Advance(TimeSpan.FromSeconds(1));
        var (after, _) = await GetAsync("/v1/networks/default/leases/10.0.0.7");

        Assert.Equal((100, 50), (statuses.Count(static status => status == HttpStatusCode.NotFound), statuses.Count(static status => status == HttpStatusCode.TooManyRequests)));
        Assert.Equal(HttpStatusCode.NotFound, after);
    }

    [Fact]
    public void Nonces_FloodOfPeers_AreBoundedAndNoneIsForgotten()
    {
        var time = new ManualTimeProvider();
        var memory = new NonceMemory(time, TimeSpan.FromMinutes(10));
        for (var i = 0; i < 100_000; i++)
            Assert.Equal(NonceVerdict.New, memory.Add(TestPeers.Create(i / 200), $"{i}"));

        var full = memory.Add(TestPeers.Create(-1), "new");
        var tooMany = memory.Add(TestPeers.Create(1), "new");
        var replayed = memory.Add(TestPeers.Create(0), "0");
        time.Advance(TimeSpan.FromMinutes(10));
        var still = memory.Add(TestPeers.Create(0), "0");
        time.Advance(TimeSpan.FromTicks(1));
        var after = memory.Add(TestPeers.Create(0), "0");

        Assert.Equal(
            (NonceVerdict.Full, NonceVerdict.TooMany, NonceVerdict.Replayed, NonceVerdict.Replayed, NonceVerdict.New),
            (full, tooMany, replayed, still, after));
    }
}
