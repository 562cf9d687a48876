using SubnetVpn.Libp2p.Negotiation;

namespace SubnetVpn.Libp2p.Tests.Negotiation;

public sealed class MultistreamNegotiationTests : IDisposable
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));

    private CancellationToken Timeout => _timeout.Token;

    public void Dispose() => _timeout.Dispose();

    [Theory]
    [InlineData(new[] { "/a" }, new[] { "/a" }, "/a")]
    [InlineData(new[] { "/b", "/a" }, new[] { "/a", "/b" }, "/b")]
    [InlineData(new[] { "/x", "/y", "/a" }, new[] { "/a", "/b" }, "/a")]
    public async Task Negotiate_CommonProtocol_BothSidesTakeTheInitiatorsFirst(string[] proposed, string[] supported, string expected)
    {
        foreach (var maxRead in new[] { 1, 3, int.MaxValue })
        {
            foreach (var showsAvailableData in new[] { false, true })
            {
                var (left, right) = MemoryDuplex.CreatePair(maxRead, showsAvailableData);

                var initiator = MultistreamInitiator.NegotiateAsync(left, proposed, Timeout).AsTask();
                var responder = await RespondAsync(right, supported);

                Assert.Equal(NegotiationResult.Agreed(expected), responder);
                Assert.Equal(NegotiationResult.Agreed(expected), await initiator);
            }
        }
    }

    [Fact]
    public async Task Negotiate_NothingInCommon_InitiatorLearnsIt()
    {
        var (left, right) = MemoryDuplex.CreatePair();
        var responder = RespondAsync(right, "/b");

        var result = await MultistreamInitiator.NegotiateAsync(left, ["/a", "/c"], Timeout);
        left.Complete();

        Assert.Equal(NegotiationResult.Failed(NegotiationFailure.NotSupported), result);
        Assert.Equal(NegotiationResult.Failed(NegotiationFailure.EndOfStream), await responder);
    }

    [Fact]
    public async Task Negotiate_Initiator_SendsHeaderAndFirstProposalInOneWrite()
    {
        var (left, right) = MemoryDuplex.CreatePair();
        var responder = RespondAsync(right, "/a");

        await MultistreamInitiator.NegotiateAsync(left, ["/a"], Timeout);
        await responder;

        Assert.Equal(MultistreamMessage.Encode(MultistreamMessage.Header, "/a"), Assert.Single(left.Writes));
    }

    [Fact]
    public async Task Negotiate_ResponderSeesPipelinedProposal_SendsHeaderAndAnswerInOneWrite()
    {
        var (left, right) = MemoryDuplex.CreatePair(showsAvailableData: true);
        await left.WriteAsync(MultistreamInitiator.Propose("/a"), Timeout);

        await RespondAsync(right, "/a");

        Assert.Equal(MultistreamMessage.Encode(MultistreamMessage.Header, "/a"), Assert.Single(right.Writes));
    }

    [Fact]
    public async Task Negotiate_InitiatorWaitsForTheHeader_IsNotLeftWaiting()
    {
        var (left, right) = MemoryDuplex.CreatePair(showsAvailableData: true);
        var responder = RespondAsync(right, "/a");

        await left.WriteAsync(MultistreamMessage.Encode(MultistreamMessage.Header), Timeout);
        Assert.Equal(NegotiationFailure.None, await MultistreamReader.ReadHeaderAsync(left, Timeout));
        await left.WriteAsync(MultistreamMessage.Encode("/a"), Timeout);

        Assert.Equal(NegotiationResult.Agreed("/a"), await responder);
    }

    [Fact]
    public async Task Negotiate_DataBehindTheProposal_StaysForTheProtocol()
    {
        var (left, right) = MemoryDuplex.CreatePair();
        byte[] data = [1, 2, 3, 0x13, 10];
        await left.WriteAsync(new ReadOnlyMemory<byte>([.. MultistreamInitiator.Propose("/a"), .. data]), Timeout);
        left.Complete();

        Assert.Equal(NegotiationResult.Agreed("/a"), await RespondAsync(right, "/a"));

        Assert.Equal(data, await right.ReadRestAsync(Timeout));
    }

    [Fact]
    public async Task Confirm_LazyProposal_LeavesTheResponsesData()
    {
        var (left, right) = MemoryDuplex.CreatePair();
        await left.WriteAsync(MultistreamInitiator.Propose("/a"), Timeout);
        await RespondAsync(right, "/a");
        await right.WriteAsync(new byte[] { 9, 8, 7 }, Timeout);
        right.Complete();

        Assert.Equal(NegotiationResult.Agreed("/a"), await MultistreamInitiator.ConfirmAsync(left, "/a", Timeout));

        Assert.Equal([9, 8, 7], await left.ReadRestAsync(Timeout));
    }

    [Fact]
    public async Task Confirm_LazyProposalRefused_SaysSo()
    {
        var (left, right) = MemoryDuplex.CreatePair();
        await left.WriteAsync(MultistreamInitiator.Propose("/a"), Timeout);
        left.Complete();
        await RespondAsync(right, "/b");

        Assert.Equal(NegotiationResult.Failed(NegotiationFailure.NotSupported), await MultistreamInitiator.ConfirmAsync(left, "/a", Timeout));
    }

    [Fact]
    public async Task Negotiate_ListAskedFirst_IsAnsweredAndTheNextProposalTaken()
    {
        var (left, right) = MemoryDuplex.CreatePair();
        await left.WriteAsync(MultistreamMessage.Encode(MultistreamMessage.Header, MultistreamMessage.List, "/a"), Timeout);

        Assert.Equal(NegotiationResult.Agreed("/a"), await RespondAsync(right, "/a", "/b"));

        Assert.True(MultistreamMessage.TryEncodeList(["/a", "/b"], out var list));
        Assert.Equal([MultistreamMessage.Encode(MultistreamMessage.Header), list, MultistreamMessage.Encode("/a")], right.Writes);
    }

    [Fact]
    public async Task Negotiate_ProposalsWithoutEnd_AreLimited()
    {
        var (left, right) = MemoryDuplex.CreatePair();
        await left.WriteAsync(MultistreamMessage.Encode([MultistreamMessage.Header, .. Enumerable.Repeat("/x", 100)]), Timeout);

        Assert.Equal(NegotiationResult.Failed(NegotiationFailure.TooManyProposals), await RespondAsync(right, "/a"));

        Assert.Equal(1 + MultistreamResponder.DefaultMaxProposals, right.Writes.Count);
    }

    [Theory]
    [InlineData("", NegotiationFailure.EndOfStream)]
    [InlineData("13", NegotiationFailure.EndOfStream)]
    [InlineData("132f6d756c74", NegotiationFailure.EndOfStream)]
    [InlineData("132f6d756c746973747265616d2f312e302e300a", NegotiationFailure.EndOfStream)]
    [InlineData("132f6d756c746973747265616d2f312e302e300a032f62", NegotiationFailure.EndOfStream)]
    [InlineData("132f6d756c746973747265616d2f322e302e300a", NegotiationFailure.Malformed)]
    [InlineData("132f6d756c746973747265616d2f312e302e3030", NegotiationFailure.Malformed)]
    [InlineData("474554202f20485454502f312e310d0a", NegotiationFailure.EndOfStream)]
    [InlineData("00", NegotiationFailure.Malformed)]
    [InlineData("ff7f", NegotiationFailure.TooLarge)]
    [InlineData("ffffffffffff", NegotiationFailure.TooLarge)]
    [InlineData("132f6d756c746973747265616d2f312e302e300a8108", NegotiationFailure.TooLarge)]
    internal async Task Negotiate_BrokenInput_IsAnAnswerOnBothSides(string hex, NegotiationFailure expected)
    {
        var (toResponder, responder) = MemoryDuplex.CreatePair();
        var (toInitiator, initiator) = MemoryDuplex.CreatePair();
        foreach (var sender in new[] { toResponder, toInitiator })
        {
            await sender.WriteAsync(Hex.Bytes(hex), Timeout);
            sender.Complete();
        }

        Assert.Equal(NegotiationResult.Failed(expected), await RespondAsync(responder, "/a"));
        Assert.Equal(NegotiationResult.Failed(expected), await MultistreamInitiator.NegotiateAsync(initiator, ["/a"], Timeout));
    }

    [Fact]
    public async Task Negotiate_AnswerThatWasNotProposed_IsMalformed()
    {
        var (left, right) = MemoryDuplex.CreatePair();
        await right.WriteAsync(MultistreamMessage.Encode(MultistreamMessage.Header, "/b"), Timeout);

        Assert.Equal(NegotiationResult.Failed(NegotiationFailure.Malformed), await MultistreamInitiator.NegotiateAsync(left, ["/a", "/b"], Timeout));
    }

    [Fact]
    public async Task Negotiate_NoAnswer_EndsWithTheCallersToken()
    {
        var (left, _) = MemoryDuplex.CreatePair();
        using var cancel = new CancellationTokenSource();
        var negotiation = MultistreamInitiator.NegotiateAsync(left, ["/a"], cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => negotiation);
    }

    [Fact]
    public async Task Negotiate_NothingToPropose_Throws()
    {
        var (left, _) = MemoryDuplex.CreatePair();

        await Assert.ThrowsAsync<ArgumentException>(async () => await MultistreamInitiator.NegotiateAsync(left, [], Timeout));
    }

    [Fact]
    public async Task Negotiate_Noise_NeverThrows()
    {
        var valid = MultistreamMessage.Encode(MultistreamMessage.Header, "/x", "/a");
        foreach (var bytes in RandomBytes.Noise(seed: 20, count: 500, maxLength: 60).Concat(RandomBytes.Mutations(seed: 21, count: 2_000, valid)))
        {
            var (left, right) = MemoryDuplex.CreatePair();
            await left.WriteAsync(bytes, Timeout);
            left.Complete();

            var result = await RespondAsync(right, "/a");

            Assert.True(result.Failure != NegotiationFailure.None || result.Protocol == "/a");
        }
    }

    private async Task<NegotiationResult> RespondAsync(IByteDuplex duplex, params string[] protocols) =>
        await MultistreamResponder.NegotiateAsync(duplex, protocols, MultistreamResponder.DefaultMaxProposals, Timeout);
}
