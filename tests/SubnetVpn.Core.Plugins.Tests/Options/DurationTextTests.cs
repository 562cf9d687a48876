using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Plugins.Tests.Options;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("30", 30_000)]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("00:00:30", 30_000)]
    [InlineData("00:00:00.5000000", 500)]
    [InlineData("1.00:00:00", 86_400_000)]
    public void TryParse_Duration_Reads(string text, long milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" 5")]
    [InlineData("-5")]
    [InlineData("-00:00:05")]
    [InlineData("1.5s")]
    [InlineData("5 s")]
    [InlineData("s")]
    [InlineData("5S")]
    [InlineData("5d")]
    [InlineData("00:61:00")]
    [InlineData("99999999999999999999")]
    [InlineData("9223372036854775807")]
    public void TryParse_OtherText_Refuses(string? text) => Assert.False(DurationText.TryParse(text, out _));
}
