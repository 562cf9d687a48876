using System.Text;
using SubnetVpn.Core.Frames;

namespace SubnetVpn.Core.Tests.Frames;

public sealed class GoodbyeCodecTests
{
    [Theory]
    [InlineData("")]
    [InlineData("the node is stopping")]
    [InlineData("größer 日本")]
    public void TryDecode_Encoded_IsTheSame(string text)
    {
        var goodbye = new Goodbye(GoodbyeReason.Stopping, text);

        Assert.True(GoodbyeCodec.TryDecode(GoodbyeCodec.Encode(goodbye), out var decoded));

        Assert.Equal(goodbye, decoded);
    }

    [Fact]
    public void Encode_LongText_IsCutBetweenCharacters()
    {
        var body = GoodbyeCodec.Encode(new Goodbye(GoodbyeReason.ProtocolError, new string('日', 1000)));

        Assert.Equal(1 + (341 * 3), body.Length);
        Assert.True(GoodbyeCodec.TryDecode(body, out var goodbye));
        Assert.Equal(new string('日', 341), goodbye.Text);
    }

    [Fact]
    public void TryDecode_ReasonOfLaterVersion_IsKept()
    {
        Assert.True(GoodbyeCodec.TryDecode([200], out var goodbye));

        Assert.Equal(new Goodbye((GoodbyeReason)200, string.Empty), goodbye);
    }

    [Fact]
    public void TryDecode_ImpossibleBody_IsMalformed()
    {
        Assert.False(GoodbyeCodec.TryDecode([], out _));
        Assert.False(GoodbyeCodec.TryDecode([1, 0xFF], out _));
        Assert.False(GoodbyeCodec.TryDecode([1, 0xE6, 0x97], out _));
        Assert.False(GoodbyeCodec.TryDecode(Enumerable.Repeat((byte)'a', 1026).ToArray(), out _));
    }

    [Fact]
    public void TryDecode_ControlAndFormatCharacters_BecomeSpaces()
    {
        Assert.True(GoodbyeCodec.TryDecode([0, .. Encoding.UTF8.GetBytes("a\u001b[2J\nb\u202ec\u2028d\u0085e")], out var goodbye));

        Assert.Equal("a [2J b c d e", goodbye.Text);
    }

    [Fact]
    public void TryDecode_RandomBytes_NeverThrows()
    {
        var random = new Random(20240607);
        for (var round = 0; round < 20_000; round++)
        {
            var body = new byte[random.Next(12)];
            random.NextBytes(body);
            if (GoodbyeCodec.TryDecode(body, out var goodbye))
                Assert.DoesNotContain(goodbye.Text, char.IsControl);
        }
    }
}
