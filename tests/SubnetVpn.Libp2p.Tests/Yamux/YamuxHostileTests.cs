using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Tests.Yamux;

/// <summary>A peer that breaks the rules, on purpose or not. We are the listener; its streams have odd numbers.</summary>
public class YamuxHostileTests
{
    private readonly YamuxEnd _us = new(isDialer: false);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[], YamuxFault> BadHeaders => new()
    {
        { "version 1", [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], YamuxFault.BadVersion },
        { "type 4", [0, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], YamuxFault.BadType },
        { "unknown flag", Frames.Window(1, (YamuxFlags)16, 0), YamuxFault.BadFlags },
        { "SYN and ACK", Frames.Window(1, YamuxFlags.Syn | YamuxFlags.Ack, 0), YamuxFault.BadFlags },
        { "data of stream 0", Frames.Data(0, YamuxFlags.None, []), YamuxFault.BadStreamId },
        { "window of stream 0", Frames.Window(0, YamuxFlags.None, 5), YamuxFault.BadStreamId },
        { "ping of a stream", Frames.Header(YamuxFrameType.Ping, YamuxFlags.Syn, 1, 0), YamuxFault.BadStreamId },
        { "ping without flag", Frames.Ping(YamuxFlags.None, 1), YamuxFault.BadFlags },
        { "ping with FIN", Frames.Ping(YamuxFlags.Syn | YamuxFlags.Fin, 1), YamuxFault.BadFlags },
        { "go away of a stream", Frames.Header(YamuxFrameType.GoAway, YamuxFlags.None, 3, 0), YamuxFault.BadStreamId },
        { "stream number of ours", Frames.Window(2, YamuxFlags.Syn, 0), YamuxFault.BadStreamId },
    };

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void Receive_BadHeader_IsItsFault(string what, byte[] frame, YamuxFault expected)
    {
        Assert.True(expected == _us.Receive(frame), what);
        Assert.Empty(_us.Opened);
    }

    [Fact]
    public void Receive_SynTwice_IsDuplicate() =>
        Assert.Equal(YamuxFault.DuplicateStream, _us.Receive(Frames.Window(1, YamuxFlags.Syn, 0), Frames.Window(1, YamuxFlags.Syn, 0)));

    [Fact]
    public void Receive_OneByteMoreThanTheWindow_IsOverWindow()
    {
        Assert.Equal(YamuxFault.None, _us.Receive(Frames.Data(1, YamuxFlags.Syn, new byte[256 * 1024])));

        Assert.Equal(YamuxFault.OverWindow, _us.Receive(Frames.Data(1, YamuxFlags.None, new byte[1])));
    }

    [Fact]
    public void Receive_HeaderThatAnnouncesTooMuch_IsOverWindowBeforeAnyByteOfIt() =>
        Assert.Equal(YamuxFault.OverWindow, _us.Receive(Frames.Header(YamuxFrameType.Data, YamuxFlags.Syn, 1, uint.MaxValue)));

    [Fact]
    public void Receive_CreditBeyond32Bits_IsWindowOverflow() => Assert.Equal(
        YamuxFault.WindowOverflow,
        _us.Receive(Frames.Window(1, YamuxFlags.Syn, 0), Frames.Window(1, YamuxFlags.None, uint.MaxValue)));

    [Fact]
    public void Receive_DataAfterFin_IsAFault() => Assert.Equal(
        YamuxFault.DataAfterFin,
        _us.Receive(Frames.Data(1, YamuxFlags.Syn | YamuxFlags.Fin, [1]), Frames.Data(1, YamuxFlags.None, [2])));

    [Fact]
    public void Receive_ResetOnWindowUpdate_IsACodeAndNoCredit()
    {
        Assert.Equal(YamuxFault.None, _us.Receive(Frames.Window(1, YamuxFlags.Syn, 0)));
        YamuxStream stream = _us.Accepted();

        // As credit it would be an overflow.
        Assert.Equal(YamuxFault.None, _us.Receive(Frames.Window(1, YamuxFlags.Rst, uint.MaxValue)));

        Assert.Equal(StreamEnd.ResetByPeer, stream.End);
        Assert.Equal(uint.MaxValue, stream.RemoteResetCode);
    }

    [Fact]
    public void Receive_ResetOnDataWithBody_SkipsTheBody()
    {
        Assert.Equal(YamuxFault.None, _us.Receive(
            Frames.Window(1, YamuxFlags.Syn, 0), Frames.Data(1, YamuxFlags.Rst, new byte[100]), Frames.Ping(YamuxFlags.Syn, 9)));

        Assert.Equal(StreamEnd.ResetByPeer, _us.Accepted().End);
        Assert.Contains(_us.TakeFrames(), frame => frame.Header == new YamuxHeader(YamuxFrameType.Ping, YamuxFlags.Ack, 0, 9));
    }

    [Fact]
    public void Receive_MoreStreamsThanAllowed_AreResetAndCounted()
    {
        var us = new YamuxEnd(isDialer: false, new YamuxOptions { MaxInboundStreams = 3 });

        for (uint id = 1; id < 10; id += 2)
        {
            Assert.Equal(YamuxFault.None, us.Receive(Frames.Data(id, YamuxFlags.Syn, [1, 2, 3])));
        }

        Assert.Equal(3, us.Opened.Count);
        Assert.Equal([7u, 9u], us.TakeFrames().Where(frame => frame.Header.Flags == YamuxFlags.Rst).Select(frame => frame.Header.StreamId));
        Assert.Equal(2, us.LimitHits.Count(limit => limit == Libp2pLimit.Streams));
    }

    [Fact]
    public void Receive_StreamFloodWithoutTakingOurAnswers_IsAFault()
    {
        var us = new YamuxEnd(isDialer: false, new YamuxOptions { MaxInboundStreams = 1 }) { IsBlocked = true };
        YamuxFault fault = YamuxFault.None;
        uint id = 1;
        for (int i = 0; i < 1000 && fault == YamuxFault.None; i++, id += 2)
        {
            fault = us.Receive(Frames.Window(id, YamuxFlags.Syn, 0));
        }

        Assert.Equal(YamuxFault.RefusedStreamFlood, fault);
        Assert.Equal(1, us.Session.StreamCount);
    }

    [Fact]
    public void Receive_StreamsThatWeResetWithoutTakingOurAnswers_AreBounded()
    {
        _us.IsBlocked = true;
        YamuxFault fault = YamuxFault.None;
        int opened = 0;
        for (; opened < 10_000 && fault == YamuxFault.None; opened++)
        {
            fault = _us.Receive(Frames.Window((uint)(1 + (2 * opened)), YamuxFlags.Syn, 0));
            if (_us.Opened.TryDequeue(out YamuxStream? stream))
            {
                stream.Reset(0);
            }
        }

        Assert.Equal(YamuxFault.RefusedStreamFlood, fault);
        Assert.InRange(opened, 1024, 3000);
    }

    [Fact]
    public void Receive_StreamsThatThePeerOpensAndResets_LeaveNothing()
    {
        for (int i = 0; i < 10_000; i++)
        {
            uint id = (uint)(1 + (2 * i));
            Assert.Equal(YamuxFault.None, _us.Receive(Frames.Window(id, YamuxFlags.Syn, 0), Frames.Window(id, YamuxFlags.Rst, 0)));
        }

        Assert.Equal(0, _us.Session.StreamCount);
        Assert.Empty(_us.TakeFrames());
    }

    [Fact]
    public void Receive_DataOfUnknownStreams_IsDroppedThenAFault()
    {
        YamuxFault fault = YamuxFault.None;
        int frames = 0;
        for (; frames < 10_000 && fault == YamuxFault.None; frames++)
        {
            fault = _us.Receive(Frames.Data(77, YamuxFlags.None, new byte[1000]));
        }

        Assert.Equal(YamuxFault.UnknownStreamFlood, fault);
        Assert.InRange(frames, 10, 200);
        Assert.Equal(frames, _us.Session.UnknownStreamFrames);
    }

    [Fact]
    public async Task Receive_WhatWasUnderWayWhenWeReset_IsNoFault()
    {
        // A peer with a full window that hears late of the reset, many times over.
        for (uint id = 1; id < 200; id += 2)
        {
            Assert.Equal(YamuxFault.None, _us.Receive(Frames.Window(id, YamuxFlags.Syn, 0)));
            YamuxStream stream = _us.Accepted();
            await stream.WriteAsync(new byte[1], Token);
            stream.Reset(0);
            for (int i = 0; i < 4; i++)
            {
                Assert.Equal(YamuxFault.None, _us.Receive(Frames.Data(id, YamuxFlags.None, new byte[64 * 1024]), Frames.Window(id, YamuxFlags.None, 1)));
            }
        }
    }

    [Fact]
    public void Receive_PingFlood_AnswersAreBounded()
    {
        _us.IsBlocked = true;
        for (uint i = 0; i < 1000; i++)
        {
            Assert.Equal(YamuxFault.None, _us.Receive(Frames.Ping(YamuxFlags.Syn, i)));
        }

        _us.Unblock();

        Assert.Equal(16, _us.TakeFrames().Count);
        Assert.Equal(984, _us.Session.DroppedPings);
    }

    [Fact]
    public void Receive_AnswerToNoPing_IsIgnored()
    {
        Assert.Equal(YamuxFault.None, _us.Receive(Frames.Ping(YamuxFlags.Ack, 5)));
        Assert.Null(_us.Session.RoundTrip);
    }

    [Fact]
    public async Task Receive_MoreThanTheHostMayKeep_ResetsTheStreamAndKeepsTheSession()
    {
        var us = new YamuxEnd(isDialer: false, receiveMemory: 128 * 1024);

        Assert.Equal(YamuxFault.None, us.Receive(Frames.Data(1, YamuxFlags.Syn, new byte[200 * 1024]), Frames.Ping(YamuxFlags.Syn, 1)));

        YamuxStream stream = us.Accepted();
        Assert.Equal(StreamEnd.ReceiveMemoryExhausted, stream.End);
        Assert.Equal(new StreamRead(0, StreamEnd.ReceiveMemoryExhausted), await stream.ReadAsync(new byte[1], Token));
        Assert.Equal(0, us.Blocks.Outstanding);
        Assert.Contains(Libp2pLimit.ReceiveMemory, us.LimitHits);
        Assert.Equal(2, us.TakeFrames().Count);
    }

    [Fact]
    public async Task Receive_FrameAsLargeAsAGrownWindow_IsDeliveredInPieces()
    {
        // js-libp2p sends frames as large as the whole credit it has.
        Assert.Equal(YamuxFault.None, _us.Receive(Frames.Header(YamuxFrameType.Data, YamuxFlags.Syn, 1, 256 * 1024)));
        YamuxStream stream = _us.Accepted();
        var buffer = new byte[100_000];

        for (int i = 0; i < 4; i++)
        {
            ValueTask<StreamRead> pending = stream.ReadAsync(buffer, Token);
            Assert.Equal(YamuxFault.None, _us.Receive(new byte[64 * 1024]));
            Assert.Equal(64 * 1024, (await pending).Count);
        }

        Assert.Equal(YamuxFault.None, _us.Receive(Frames.Ping(YamuxFlags.Syn, 1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Receive_RandomBytes_NeverThrowAndHoldBoundedMemory(int seed)
    {
        foreach (byte[] bytes in RandomBytes.Noise(seed, count: 3000, maxLength: 400))
        {
            var us = new YamuxEnd(isDialer: false);
            us.Receive(bytes);
            Assert.InRange(us.Session.StreamCount, 0, 40);
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void Receive_RandomFrames_NeverThrowAndStayWithinTheLimits(int seed)
    {
        var random = new Random(seed);
        int total = 0;
        for (int run = 0; run < 100; run++)
        {
            int frames = 0;
            var us = new YamuxEnd(isDialer: run % 2 == 0, new YamuxOptions { MaxInboundStreams = 20, MaxStreams = 30 }, receiveMemory: 1024 * 1024);
            YamuxFault fault = YamuxFault.None;
            for (int i = 0; i < 300 && fault == YamuxFault.None; i++)
            {
                us.IsBlocked = random.Next(3) == 0;
                fault = us.Receive(RandomFrame(random));
                frames++;
                Misuse(us, random);
                Assert.InRange(us.Session.StreamCount, 0, 30);
                Assert.InRange(us.Blocks.Outstanding, 0, 64);
            }

            total += frames;
            us.Session.End();
            us.Unblock();
            Assert.Equal(0, us.Session.StreamCount);
        }

        Assert.True(total > 1000, $"The runs ended after {total} frames in all: the generator tests too little.");
    }

    /// <summary>Mostly what a well-behaved peer could send, so that runs get far; now and then something else.</summary>
    private static byte[] RandomFrame(Random random)
    {
        bool wild = random.Next(100) == 0;
        uint stream = wild ? (uint)random.Next(0, 12) : (uint)((2 * random.Next(0, 12)) + random.Next(1, 3));
        YamuxFlags flags = wild ? (YamuxFlags)random.Next(0, 17)
            : random.Next(20) switch { 0 => YamuxFlags.Fin, 1 => YamuxFlags.Rst, 2 => YamuxFlags.Ack, _ => YamuxFlags.None };
        return random.Next(6) switch
        {
            0 => Frames.Window(stream, flags, (uint)random.Next(0, 1 << 18)),
            1 => Frames.Ping(random.Next(2) == 0 ? YamuxFlags.Syn : YamuxFlags.Ack, (uint)random.Next(4)),
            2 => Frames.Window((uint)random.Next(1, 400), YamuxFlags.Syn, 0),
            _ => Frames.Data(stream, flags, new byte[random.Next(0, 3_000)]),
        };
    }

    /// <summary>What an application may do meanwhile.</summary>
    private static void Misuse(YamuxEnd us, Random random)
    {
        if (us.Opened.TryDequeue(out YamuxStream? stream))
        {
            switch (random.Next(4))
            {
                case 0:
                    stream.Reset(1);
                    break;
                case 1:
                    _ = stream.WriteAsync(new byte[random.Next(400_000)], Token).AsTask();
                    break;
                case 2:
                    _ = stream.CloseWriteAsync(Token).AsTask();
                    break;
                default:
                    _ = stream.ReadAsync(new byte[random.Next(100_000)], Token).AsTask();
                    break;
            }
        }
        else if (random.Next(10) == 0 && us.Session.TryOpen(out YamuxStream? ours) == YamuxOpenFailure.None)
        {
            _ = ours!.WriteAsync(new byte[random.Next(100_000)], Token).AsTask();
        }
    }
}
