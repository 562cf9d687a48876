using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Yamux;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Libp2p.Tests.Yamux;

public class YamuxSessionTests
{
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Ping_Answered_GivesTheRoundTrip()
    {
        var link = new YamuxLink(time: _time);
        link.Dialer.Session.SendPing();
        byte[] ping = link.Dialer.TakeBytes();
        _time.Advance(TimeSpan.FromMilliseconds(30));

        link.Listener.Receive(ping);
        link.Dialer.Receive(link.Listener.TakeBytes());

        Assert.Equal(TimeSpan.FromMilliseconds(30), link.Dialer.Session.RoundTrip);
        Assert.Null(link.Listener.Session.RoundTrip);
    }

    [Fact]
    public void Ping_FirstRoundTripSlow_TheNextOnesCorrectIt()
    {
        var link = new YamuxLink(time: _time);
        link.Dialer.Session.SendPing();
        foreach (int milliseconds in new[] { 50, 10, 12 })
        {
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            link.Listener.Receive(link.Dialer.TakeBytes());
            link.Dialer.Receive(link.Listener.TakeBytes());
        }

        Assert.Equal(10.25, link.Dialer.Session.RoundTrip!.Value.TotalMilliseconds, 2);
        Assert.Empty(link.Dialer.TakeBytes());
    }

    [Fact]
    public void IsPeerSilent_NoAnswerAndNothingElse_AfterTheTimeout()
    {
        var end = new YamuxEnd(isDialer: true, time: _time);
        end.Session.NoteReceived();
        end.Session.SendPing();

        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(end.Session.IsPeerSilent());
        end.Session.NoteReceived();
        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(end.Session.IsPeerSilent());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(end.Session.IsPeerSilent());
    }

    [Fact]
    public void GoAway_FromThePeer_NoMoreStreamsAreOpened()
    {
        var end = new YamuxEnd(isDialer: true);

        Assert.Equal(YamuxFault.None, end.Receive(Frames.GoAway(0)));

        Assert.Equal(0u, end.GoAwayCode);
        Assert.Equal(YamuxOpenFailure.RemoteGoAway, end.Session.TryOpen(out _));
    }

    [Fact]
    public void TryOpen_TooManyUnacknowledged_IsRefusedUntilTheyAre()
    {
        var end = new YamuxEnd(isDialer: true);
        for (int i = 0; i < YamuxConstants.MaxUnacknowledgedStreams; i++)
        {
            end.Open();
        }

        Assert.Equal(YamuxOpenFailure.TooManyUnacknowledged, end.Session.TryOpen(out _));
        Assert.Equal(YamuxFault.None, end.Receive(Frames.Window(1, YamuxFlags.Ack, 0)));
        Assert.Equal(YamuxOpenFailure.None, end.Session.TryOpen(out _));
        Assert.Equal(YamuxOpenFailure.TooManyUnacknowledged, end.Session.TryOpen(out _));
    }

    [Fact]
    public void TryOpen_TooMany_IsRefused()
    {
        var end = new YamuxEnd(isDialer: true, new YamuxOptions { MaxStreams = 2 });
        end.Open();
        YamuxStream second = end.Open();

        Assert.Equal(YamuxOpenFailure.TooManyStreams, end.Session.TryOpen(out _));
        second.Reset(0);
        Assert.Equal(YamuxOpenFailure.None, end.Session.TryOpen(out _));
    }

    [Fact]
    public async Task Window_ReaderKeepsUpWithinFourRoundTrips_DoublesToTheMaximum()
    {
        var options = new YamuxOptions { MaxWindowBytes = 1024 * 1024 };
        YamuxLink link = MeasuredLink(options, TimeSpan.FromMilliseconds(50));
        YamuxStream stream = link.Dialer.Open();
        await stream.WriteAsync(new byte[1], Token);
        link.Exchange();
        YamuxStream accepted = link.Listener.Accepted();

        for (int i = 0; i < 40; i++)
        {
            await TransferAsync(link, stream, accepted, 256 * 1024);
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.Equal(1024u * 1024, accepted.ReceiveWindow);
        Assert.Equal(StreamEnd.None, stream.End);
    }

    [Fact]
    public async Task Window_SlowReader_StaysAsItIs()
    {
        YamuxLink link = MeasuredLink(new YamuxOptions(), TimeSpan.FromMilliseconds(50));
        YamuxStream stream = link.Dialer.Open();
        await stream.WriteAsync(new byte[1], Token);
        link.Exchange();
        YamuxStream accepted = link.Listener.Accepted();

        for (int i = 0; i < 40; i++)
        {
            await TransferAsync(link, stream, accepted, 64 * 1024);
            _time.Advance(TimeSpan.FromMilliseconds(150));
        }

        Assert.Equal(YamuxConstants.InitialWindowBytes, accepted.ReceiveWindow);
    }

    [Fact]
    public async Task Window_GrowthOfTheConnectionUsedUp_OtherStreamsStaySmallUntilOneEnds()
    {
        var options = new YamuxOptions { MaxWindowGrowthBytes = 256 * 1024 };
        YamuxLink link = MeasuredLink(options, TimeSpan.FromMilliseconds(50));
        YamuxStream first = link.Dialer.Open();
        YamuxStream second = link.Dialer.Open();
        await first.WriteAsync(new byte[1], Token);
        await second.WriteAsync(new byte[1], Token);
        link.Exchange();
        YamuxStream firstAccepted = link.Listener.Accepted();
        YamuxStream secondAccepted = link.Listener.Accepted();

        for (int i = 0; i < 10; i++)
        {
            await TransferAsync(link, first, firstAccepted, 256 * 1024);
            _time.Advance(TimeSpan.FromMilliseconds(20));
            await TransferAsync(link, second, secondAccepted, 256 * 1024);
            _time.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal(512u * 1024, firstAccepted.ReceiveWindow);
        Assert.Equal(256u * 1024, secondAccepted.ReceiveWindow);
        firstAccepted.Reset(0);
        link.Exchange();
        for (int i = 0; i < 10; i++)
        {
            await TransferAsync(link, second, secondAccepted, 256 * 1024);
            _time.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal(512u * 1024, secondAccepted.ReceiveWindow);
    }

    [Fact]
    public async Task Credit_NetworkTakesNothing_WaitsInFrontOfData()
    {
        var link = new YamuxLink();
        YamuxStream stream = link.Dialer.Open();
        await stream.WriteAsync(new byte[256 * 1024], Token);
        link.Exchange();
        YamuxStream accepted = link.Listener.Accepted();
        link.Listener.IsBlocked = true;
        ValueTask<StreamEnd> writing = accepted.WriteAsync(new byte[100 * 1024], Token);
        await accepted.ReadAsync(new byte[256 * 1024], Token);

        link.Listener.Unblock();

        Assert.Equal(StreamEnd.None, await writing);
        Assert.Equal(YamuxFrameType.WindowUpdate, link.Listener.TakeFrames()[0].Header.Type);
    }

    [Fact]
    public async Task WhenSenderIdle_SomethingIsBeingSent_Waits()
    {
        var end = new YamuxEnd(isDialer: true) { IsBlocked = true };
        ValueTask<StreamEnd> writing = end.Open().WriteAsync(new byte[10], Token);
        Task idle = end.Session.WhenSenderIdleAsync();
        Assert.False(idle.IsCompleted);

        end.Unblock();

        await idle.WithinSafetyLimitAsync();
        Assert.Equal(StreamEnd.None, await writing);
    }

    private YamuxLink MeasuredLink(YamuxOptions options, TimeSpan roundTrip)
    {
        var link = new YamuxLink(options, _time);
        link.Listener.Session.SendPing();
        byte[] ping = link.Listener.TakeBytes();
        _time.Advance(roundTrip);
        link.Dialer.Receive(ping);
        link.Listener.Receive(link.Dialer.TakeBytes());
        link.Listener.TakeBytes();
        Assert.Equal(roundTrip, link.Listener.Session.RoundTrip);
        return link;
    }

    private static async Task TransferAsync(YamuxLink link, YamuxStream from, YamuxStream to, int length)
    {
        ValueTask<StreamEnd> writing = from.WriteAsync(new byte[length], Token);
        var buffer = new byte[32 * 1024];
        for (int received = 0; received < length;)
        {
            link.Exchange();
            received += (await to.ReadAsync(buffer, Token)).Count;
        }

        link.Exchange();
        Assert.Equal(StreamEnd.None, await writing);
    }
}
