using SubnetVpn.Core.Frames;

namespace SubnetVpn.Core.Tests.Frames;

public sealed class StreamAccountTests
{
    [Theory]
    [InlineData(1UL, 0L)]
    [InlineData(ulong.MaxValue, long.MaxValue)]
    [InlineData(0x0102030405060708UL, null)]
    public void Account_WrittenAndRead_IsTheSame(ulong stream, long? packets)
    {
        var account = new StreamAccount(stream, packets);

        Assert.Equal(account, StreamAccount.Decode(account.Encode()));
    }

    [Fact]
    public void Fence_WrittenAndRead_IsTheSame()
    {
        Assert.Equal(0x0102030405060708UL, StreamAccount.DecodeFence(StreamAccount.EncodeFence(0x0102030405060708UL)));
        Assert.Equal("0102030405060708", Convert.ToHexString(StreamAccount.EncodeFence(0x0102030405060708UL)));
    }

    [Fact]
    public void Account_OfMorePacketsThanCanBe_IsUnknown()
    {
        Assert.Null(StreamAccount.Decode(Convert.FromHexString("0000000000000001" + "8000000000000000")).Packets);
    }
}
