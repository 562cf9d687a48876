using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.TestKit.Discovery;

/// <summary>What every <see cref="IAddressRegistry"/> must do. Inherit it and say how to make one with given registrations.</summary>
public abstract class AddressRegistryConformance
{
    /// <summary>Milliseconds after which a test is given up.</summary>
    protected const int Limit = 60_000;

    /// <summary>Who may hold what: a peer with both families, and another.</summary>
    protected static IReadOnlyList<(VirtualIp Address, PeerId Peer)> Registered { get; } =
    [
        (VirtualIp.Parse("10.0.0.2"), TestPeers.Create(2)),
        (VirtualIp.Parse("fd00::2"), TestPeers.Create(2)),
        (VirtualIp.Parse("10.0.0.3"), TestPeers.Create(3)),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes a registry that says what <see cref="Registered"/> says, and nothing else.</summary>
    protected abstract ValueTask<IAddressRegistry> CreateAsync();

    [Fact(Timeout = Limit)]
    public async Task FindHolder_Registered_IsTheHolderForSure()
    {
        var registry = await CreateAsync();

        foreach (var (address, peer) in Registered)
        {
            var lookup = await registry.FindHolderAsync(address, Token);

            Assert.Equal(PeerLookupOutcome.Found, lookup.Outcome);
            Assert.Equal((peer, MappingTrust.Authoritative), (lookup.Mapping!.Peer, lookup.Mapping.Trust));
            Assert.Contains(new IpPrefix(address, address.BitLength), lookup.Mapping.Prefixes);
            Assert.False(string.IsNullOrEmpty(lookup.Mapping.Source));
            Assert.True(lookup.Mapping.TimeToLive > TimeSpan.Zero || lookup.Mapping.TimeToLive == Timeout.InfiniteTimeSpan);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task FindHolder_Registered_SpeaksOfNoAddressOfOthers()
    {
        var registry = await CreateAsync();

        foreach (var (address, peer) in Registered)
        {
            var mapping = (await registry.FindHolderAsync(address, Token)).Mapping!;

            Assert.All(Registered.Where(other => other.Peer != peer), other => Assert.DoesNotContain(mapping.Prefixes, prefix => prefix.Contains(other.Address)));
        }
    }

    [Theory(Timeout = Limit)]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.20")]
    [InlineData("10.0.0.0")]
    [InlineData("fd00::3")]
    [InlineData("192.168.7.1")]
    public async Task FindHolder_NotRegistered_IsNotFound(string address)
    {
        var registry = await CreateAsync();

        var lookup = await registry.FindHolderAsync(VirtualIp.Parse(address), Token);

        Assert.Equal(PeerLookupOutcome.NotFound, lookup.Outcome);
        Assert.Null(lookup.Mapping);
    }

    [Fact(Timeout = Limit)]
    public async Task FindHolder_ManyAtOnce_AllAreAnswered()
    {
        var registry = await CreateAsync();

        var lookups = await Task.WhenAll(Enumerable.Range(0, 100).Select(number =>
            Task.Run(async () => await registry.FindHolderAsync(VirtualIp.Parse(number % 2 == 0 ? "10.0.0.2" : "10.0.0.99"), Token), Token)));

        Assert.Equal(50, lookups.Count(static lookup => lookup.Mapping?.Peer == TestPeers.Create(2)));
        Assert.Equal(50, lookups.Count(static lookup => lookup.Outcome == PeerLookupOutcome.NotFound));
    }

    [Fact(Timeout = Limit)]
    public async Task FindHolder_Cancelled_Throws()
    {
        var registry = await CreateAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await registry.FindHolderAsync(VirtualIp.Parse("10.0.0.2"), cancelled.Token));
    }
}
