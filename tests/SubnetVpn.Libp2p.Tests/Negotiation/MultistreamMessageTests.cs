using System.Buffers;
using SubnetVpn.Libp2p.Negotiation;

namespace SubnetVpn.Libp2p.Tests.Negotiation;

public class MultistreamMessageTests
{
    // What go-libp2p and js-libp2p put on the wire: length, text, line feed.
    [Theory]
    [InlineData("/multistream/1.0.0", "132f6d756c746973747265616d2f312e302e300a")]
    [InlineData("na", "036e610a")]
    [InlineData("/noise", "072f6e6f6973650a")]
    [InlineData("/yamux/1.0.0", "0d2f79616d75782f312e302e300a")]
    public void Encode_KnownMessage_MatchesTheWire(string message, string hex)
    {
        Assert.Equal(hex, Hex.Text(MultistreamMessage.Encode(message)));
    }

    [Fact]
    public void Encode_Several_AreJoined()
    {
        Assert.Equal(
            "132f6d756c746973747265616d2f312e302e300a" + "072f6e6f6973650a",
            Hex.Text(MultistreamMessage.Encode(MultistreamMessage.Header, "/noise")));
    }

    [Fact]
    public void Encode_TooLong_Throws()
    {
        Assert.Equal(1026, MultistreamMessage.Encode(new string('a', 1023)).Length);
        Assert.Throws<ArgumentException>(() => MultistreamMessage.Encode(new string('a', 1024)));
    }

    [Fact]
    public void TryEncodeList_TwoProtocols_NestsThem()
    {
        // multiformats/multistream-select, README.md: the answer to "ls".
        Assert.True(MultistreamMessage.TryEncodeList(["/a", "/b"], out var encoded));

        Assert.Equal("09" + "032f610a" + "032f620a" + "0a", Hex.Text(encoded));
    }

    [Fact]
    public void TryEncodeList_LongerThanAMessage_IsRefused()
    {
        Assert.False(MultistreamMessage.TryEncodeList(Enumerable.Repeat("/a/protocol", 100), out _));
    }

    [Theory]
    [InlineData("13", OperationStatus.Done, 19, NegotiationFailure.None)]
    [InlineData("8008", OperationStatus.Done, 1024, NegotiationFailure.None)]
    [InlineData("", OperationStatus.NeedMoreData, 0, NegotiationFailure.None)]
    [InlineData("80", OperationStatus.NeedMoreData, 0, NegotiationFailure.None)]
    [InlineData("ffff", OperationStatus.NeedMoreData, 0, NegotiationFailure.None)]
    [InlineData("8108", OperationStatus.InvalidData, 0, NegotiationFailure.TooLarge)]
    [InlineData("ffffff", OperationStatus.InvalidData, 0, NegotiationFailure.TooLarge)]
    [InlineData("00", OperationStatus.InvalidData, 0, NegotiationFailure.Malformed)]
    [InlineData("8000", OperationStatus.InvalidData, 0, NegotiationFailure.Malformed)]
    internal void ReadLength_Prefix_IsJudged(string hex, OperationStatus status, int length, NegotiationFailure failure)
    {
        Assert.Equal(status, MultistreamMessage.ReadLength(Hex.Bytes(hex), out var readLength, out var readFailure));

        Assert.Equal((length, failure), (readLength, readFailure));
    }

    [Theory]
    [InlineData("")]
    [InlineData("6e61")]
    [InlineData("c3280a")]
    public void TryReadBody_NoLineOfUtf8_IsRefused(string hex)
    {
        Assert.False(MultistreamMessage.TryReadBody(Hex.Bytes(hex), out _));
    }
}
