namespace SubnetVpn.Discovery.Mdns.Links;

/// <summary>
/// What is read of a link in a second, all in all and of one sender, so that a flood costs little and keeps nobody else from
/// being heard. Senders beyond those that are remembered share one allowance.
/// </summary>
internal sealed class RateLimit
{
    public const int PerLink = 500;
    public const int PerSender = 40;
    private const int MaxSenders = 256;

    private readonly Dictionary<VirtualIp, int> _senders = [];
    private TimeSpan _second;
    private int _total;
    private int _others;

    /// <summary>Whether a message may be read.</summary>
    /// <param name="sender">Who sent it, as it says.</param>
    /// <param name="now">The time.</param>
    public bool TryTake(VirtualIp sender, TimeSpan now)
    {
        if (now - _second >= TimeSpan.FromSeconds(1))
        {
            (_second, _total, _others) = (now, 0, 0);
            _senders.Clear();
        }
        if (_total >= PerLink)
            return false;
        var isKnown = _senders.TryGetValue(sender, out var taken);
        if (!isKnown && _senders.Count >= MaxSenders)
        {
            if (_others >= PerSender)
                return false;
            _others++;
        }
        else
        {
            if (taken >= PerSender)
                return false;
            _senders[sender] = taken + 1;
        }
        _total++;
        return true;
    }
}
