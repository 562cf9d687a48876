using System.ComponentModel.DataAnnotations;
using SubnetVpn.Discovery.Dht;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.DiscoveryDht;

public sealed class DhtOptionsTests
{
    [Fact]
    public void Defaults_AreValid() => Assert.Empty(Validate(new DhtOptions()));

    [Theory]
    [InlineData("")]
    [InlineData("/ip4/198.18.0.9/tcp/4001")]
    [InlineData("/ip4/198.18.0.9/tcp/4001/p2p/nobody")]
    [InlineData("198.18.0.9:4001")]
    public void Bootstrap_NamesNoPeer_IsAMistake(string address)
    {
        var mistake = Assert.Single(Validate(new DhtOptions { Bootstrap = [$"/ip4/198.18.0.9/tcp/4001/p2p/{TestPeers.Create(1)}", address] }));

        Assert.Contains($"'{address}'", mistake.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void OriginalPeers_NotAPeer_IsAMistake()
    {
        var mistake = Assert.Single(Validate(new DhtOptions { OriginalPeers = [TestPeers.Create(1).ToString(), "nobody"] }));

        Assert.Contains("'nobody'", mistake.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_OutOfRange_AreMistakes()
    {
        var options = new DhtOptions
        {
            RecordLifetime = TimeSpan.FromSeconds(59),
            AnswerLifetime = TimeSpan.FromSeconds(29),
            FailureLifetime = TimeSpan.FromSeconds(61),
            Protocol = "two words",
        };

        Assert.Equal(
            [nameof(options.AnswerLifetime), nameof(options.FailureLifetime), nameof(options.Protocol), nameof(options.RecordLifetime)], Validate(options).SelectMany(static mistake => mistake.MemberNames).Order());
    }

    private static List<ValidationResult> Validate(DhtOptions options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results;
    }
}
