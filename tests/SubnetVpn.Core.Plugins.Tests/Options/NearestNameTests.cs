using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Plugins.Tests.Options;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("stick", "sticky")]
    [InlineData("libp2", "libp2p")]
    [InlineData("lipb2p", "libp2p")]
    [InlineData("STATIC", "static")]
    [InlineData("dhtt", "dht")]
    [InlineData("quic", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void Find_Written_GivesTheLikelyOne(string written, string? expected) =>
        Assert.Equal(expected, NearestName.Find(written, ["libp2p", "static", "sticky", "dht"]));

    [Fact]
    public void Advice_NameThatSeveralKnow_StandsThereOnce() =>
        Assert.Equal("Did you mean 'peers'? Known: peers.", NearestName.Advice("peer", ["peers", "peers"]));
}
