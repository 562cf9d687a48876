using LeaseServer.Leases;
using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery;
using SubnetVpn.Registry.Http;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

/// <summary>The life of the lease of a node's own address.</summary>
public sealed class OwnLeaseTests : IAsyncLifetime
{
    private static readonly PeerId s_other = TestPeers.Create(2);

    private LeaseLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await LeaseLab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task FindHolder_OwnThatNobodyHolds_IsLeased()
    {
        var node = _lab.CreateNode();

        var before = _lab.Server.HolderOf("10.0.0.1");
        var lookup = await node.AskOwnAsync();

        Assert.Null(before);
        Assert.Equal(node.Identity.Id, lookup.Mapping?.Peer);
        Assert.Equal(node.Identity.Id, _lab.Server.HolderOf("10.0.0.1"));
        Assert.Equal(1, node.Probe.Sum("subnetvpn.registry_http.leases", "network=default"));
        Assert.Equal(1, node.Probe.Sum("subnetvpn.registry_http.requests", "operation=request", "outcome=held"));
    }

    [Fact]
    public async Task Create_Alone_AsksNothing()
    {
        var node = _lab.CreateNode();

        await node.Registry.DisposeAsync();

        Assert.Equal(0, node.Wire.Requests);
    }

    [Fact]
    public async Task FindHolder_OwnOfAnother_IsTheOther()
    {
        Assert.Equal(LeaseVerdict.Granted, _lab.Server.Give("10.0.0.1", s_other));
        var node = _lab.CreateNode();

        var lookup = await node.AskOwnAsync();

        Assert.Equal(s_other, lookup.Mapping?.Peer);
        Assert.Contains(node.Logged, line => line.Level == LogLevel.Error && line.Text.Contains($"gives our address 10.0.0.1 to {s_other}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lease_Held_IsRenewedBeforeItEndsForAsLongAsTheNodeRuns()
    {
        var node = CreatePatientNode();
        await node.AskOwnAsync();

        for (var renewals = 0; renewals < 5; renewals++)
        {
            var (issued, asked) = (IssuedAt(), _lab.Time.Elapsed);
            await RunAsync(node, TimeSpan.FromHours(2), () => IssuedAt() > issued);
            Assert.InRange(_lab.Time.Elapsed - asked, TimeSpan.FromMinutes(85), TimeSpan.FromMinutes(119));
        }

        Assert.Equal(node.Identity.Id, _lab.Server.HolderOf("10.0.0.1"));
        Assert.DoesNotContain(node.Logged, static line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Lease_LongerThanATimerCanBeSetFor_IsRenewedInTime()
    {
        await _lab.RestartAsync("--Leases:Duration=90.00:00:00");
        var node = CreatePatientNode();
        await node.AskOwnAsync();
        var issued = IssuedAt();

        while (_lab.Time.Elapsed < TimeSpan.FromDays(67))
        {
            await _lab.Time.WhenTimersAsync();
            _lab.Time.Advance(TimeSpan.FromHours(6));
        }
        Assert.Equal(issued, IssuedAt());
        while (_lab.Time.Elapsed < TimeSpan.FromDays(73))
        {
            await _lab.Time.WhenTimersAsync();
            _lab.Time.Advance(TimeSpan.FromHours(6));
        }
        // Slowly now: the renewal goes over the loopback device, which the clock does not wait for.
        await Eventually.TrueAsync(() =>
        {
            _lab.Time.Advance(TimeSpan.FromMinutes(1));
            return IssuedAt() > issued;
        });

        // The clock may have run on between a signature and the look at it: a warning, and it is tried again.
        Assert.DoesNotContain(node.Logged, static line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Lease_ServerIsDownAtRenewal_IsRenewedOnceItIsBack()
    {
        var node = CreatePatientNode();
        await node.AskOwnAsync();
        var issued = IssuedAt();

        node.Wire.IsCut = true;
        await RunAsync(node, TimeSpan.FromHours(2), () => node.Logged.Any(static line => line.Text.Contains("could not be renewed", StringComparison.Ordinal)));
        node.Wire.IsCut = false;
        await RunAsync(node, TimeSpan.FromHours(2), () => IssuedAt() > issued);

        Assert.True(_lab.Time.Elapsed < TimeSpan.FromHours(2));
        Assert.Equal(node.Identity.Id, (await node.AskOwnAsync()).Mapping?.Peer);
    }

    [Fact]
    public async Task Lease_RanOutAndIsOfAnother_IsToldAndAnswered()
    {
        var node = CreatePatientNode();
        await node.AskOwnAsync();

        node.Wire.IsCut = true;
        await RunAsync(node, TimeSpan.FromHours(2.2), () => node.Logged.Any(static line => line.Text.Contains("ran out", StringComparison.Ordinal)));
        Assert.Equal(PeerLookupOutcome.Failed, (await node.AskOwnAsync()).Outcome);
        Assert.Equal(LeaseVerdict.Granted, _lab.Server.Give("10.0.0.1", s_other));
        node.Wire.IsCut = false;
        await RunAsync(node, TimeSpan.FromMinutes(20), () => node.Logged.Any(static line => line.Text.Contains("gives our address", StringComparison.Ordinal)));

        Assert.Equal(s_other, (await node.AskOwnAsync()).Mapping?.Peer);
        Assert.Equal(0, node.Probe.Sum("subnetvpn.registry_http.leases"));
    }

    [Fact]
    public async Task Lease_TakenAwayOnTheServer_IsRequestedAgainWhenItIsAskedFor()
    {
        var node = _lab.CreateNode();
        await node.AskOwnAsync();

        Assert.Equal(LeaseVerdict.Released, _lab.Server.Book.Release(_lab.Server.Network, node.Address, node.Identity.Id).Verdict);
        _lab.Time.Advance(TimeSpan.FromSeconds(30));
        var lookup = await node.AskOwnAsync();

        Assert.Equal((node.Identity.Id, node.Identity.Id), (lookup.Mapping?.Peer, _lab.Server.HolderOf("10.0.0.1")));
    }

    [Fact]
    public async Task Dispose_Held_ReleasesIt()
    {
        var node = _lab.CreateNode();
        await node.AskOwnAsync();

        await node.Registry.DisposeAsync();

        Assert.Null(_lab.Server.HolderOf("10.0.0.1"));
        await Assert.ThrowsAsync<ObjectDisposedException>(node.AskOwnAsync);
    }

    [Fact]
    public async Task Dispose_ReplyToTheRequestWasLost_ReleasesIt()
    {
        var node = _lab.CreateNode();
        node.Wire.After = static _ => throw new HttpRequestException("The reply is lost.");

        var lookup = await node.AskOwnAsync();
        var holder = _lab.Server.HolderOf("10.0.0.1");
        node.Wire.After = null;
        await node.Registry.DisposeAsync();

        Assert.Equal((PeerLookupOutcome.Failed, node.Identity.Id), (lookup.Outcome, holder));
        Assert.Null(_lab.Server.HolderOf("10.0.0.1"));
    }

    [Fact]
    public async Task Dispose_ServerDoesNotAnswer_EndsAllTheSame()
    {
        var node = _lab.CreateNode();
        await node.AskOwnAsync();

        node.Wire.Gate = new TaskCompletionSource().Task;
        var disposed = node.Registry.DisposeAsync().AsTask();
        await _lab.Time.RunUntilAsync(disposed, TimeSpan.FromSeconds(1));

        Assert.Contains(node.Logged, static line => line.Text.Contains("was not released", StringComparison.Ordinal));
    }

    private DateTimeOffset IssuedAt() => _lab.Server.Book.Find(_lab.Server.Network, VirtualIp.Parse("10.0.0.1"))!.IssuedAt;

    // Its requests do not time out while the clock runs ahead of the loopback device.
    private LeaseNode CreatePatientNode() =>
        _lab.CreateNode(
            time: new PatientClock(_lab.Time),
            options: new HttpRegistryOptions { Url = _lab.Server.Url, ServerKey = _lab.Server.PublicKey, Timeout = PatientClock.Patience });

    // Minute by minute, and only while the node waits for the clock.
    private async Task RunAsync(LeaseNode node, TimeSpan atMost, Func<bool> until)
    {
        var end = _lab.Time.Elapsed + atMost;
        while (!until())
        {
            Assert.True(_lab.Time.Elapsed < end, string.Join('\n', node.Logged));
            await _lab.Time.WhenTimersAsync();
            _lab.Time.AdvanceToNextTimer(TimeSpan.FromMinutes(1));
        }
    }
}
