namespace SubnetVpn.Discovery.Mdns.Links;

/// <summary>What is to be sent on a link, and when. The intervals are those of RFC 6762, 5.2, 6 and 8.3.</summary>
internal sealed class LinkSchedule
{
    private static readonly TimeSpan s_never = TimeSpan.MaxValue;

    // Far enough back that nothing counts as recent.
    private static readonly TimeSpan s_longAgo = TimeSpan.FromDays(-1);

    // At least two, one second apart (RFC 6762, 8.3): one of them may be lost.
    private const int Announcements = 2;

    private TimeSpan _queryStep;
    private TimeSpan _lastQuery = s_longAgo;
    private TimeSpan _lastResponse = s_longAgo;
    private int _announcementsLeft;

    public TimeSpan NextQuery { get; private set; } = s_never;

    public TimeSpan NextResponse { get; private set; } = s_never;

    /// <summary>The first of what is due.</summary>
    public TimeSpan Next => NextQuery < NextResponse ? NextQuery : NextResponse;

    /// <summary>Whether anything of ours was told that a goodbye has to take back.</summary>
    public bool HasTold => _lastResponse > s_longAgo;

    /// <summary>Asks soon, then ever more rarely.</summary>
    public void StartAsking(TimeSpan at)
    {
        _queryStep = MdnsProtocol.MinInterval;
        NextQuery = at;
    }

    /// <summary>Says soon where we are, unasked.</summary>
    public void StartTelling(TimeSpan now)
    {
        _announcementsLeft = Announcements;
        Answer(now);
    }

    /// <summary>Says nothing more.</summary>
    public void StopTelling() => (NextResponse, _announcementsLeft) = (s_never, 0);

    /// <summary>Asks as soon as may be.</summary>
    public void Ask(TimeSpan now) => NextQuery = Earlier(NextQuery, NotBefore(now, _lastQuery));

    /// <summary>Answers as soon as may be; several questions get one answer.</summary>
    public void Answer(TimeSpan at) => NextResponse = Earlier(NextResponse, NotBefore(at, _lastResponse));

    /// <summary>A question goes out now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="longest">The interval that it comes to.</param>
    public void Asked(TimeSpan now, TimeSpan longest)
    {
        _lastQuery = now;
        NextQuery = now + _queryStep;
        _queryStep = Earlier(_queryStep * 2, longest);
    }

    /// <summary>An answer or announcement goes out now.</summary>
    public void Told(TimeSpan now)
    {
        _lastResponse = now;
        if (_announcementsLeft > 0)
            _announcementsLeft--;
        NextResponse = _announcementsLeft > 0 ? now + MdnsProtocol.MinInterval : s_never;
    }

    private static TimeSpan NotBefore(TimeSpan at, TimeSpan last) => last + MdnsProtocol.MinInterval > at ? last + MdnsProtocol.MinInterval : at;

    private static TimeSpan Earlier(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
