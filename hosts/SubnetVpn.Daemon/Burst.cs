namespace SubnetVpn.Daemon;

/// <summary>Tells when something that only grows has grown a lot since the last time, and rests now.</summary>
/// <param name="worth">How much a lot is.</param>
/// <param name="slack">How much it may grow from one look to the next and still rests.</param>
/// <param name="looks">For how many looks in a row it must have rested.</param>
internal sealed class Burst(long worth, long slack, int looks)
{
    private long _told;
    private long _last;
    private int _rested;

    /// <summary>Looks; true once for each burst that is over.</summary>
    /// <param name="now">How large it is now.</param>
    public bool IsOver(long now)
    {
        _rested = now - _last <= slack ? _rested + 1 : 0;
        _last = now;
        if (now - _told < worth || _rested < looks)
            return false;
        _told = now;
        return true;
    }
}
