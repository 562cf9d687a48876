namespace SubnetVpn.Core.Configuration;

/// <summary>
/// The settings of a network that runs, which may be replaced as a whole while it does. Readers take <see cref="Current"/>
/// each time they need a value. Thread-safe.
/// </summary>
internal sealed class LiveSettings(NetworkSettings initial)
{
    private volatile NetworkSettings _current = initial;

    public NetworkSettings Current
    {
        get => _current;
        set => _current = value;
    }
}
