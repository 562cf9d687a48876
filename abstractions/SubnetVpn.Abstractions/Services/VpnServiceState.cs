namespace SubnetVpn;

/// <summary>What a network is doing. It goes Stopped → Starting → Running → Stopping → Stopped; Failed instead of Running.</summary>
public enum VpnServiceState
{
    /// <summary>Not started, or stopped.</summary>
    Stopped,

    /// <summary>On the way to <see cref="Running"/>.</summary>
    Starting,

    /// <summary>Packets flow.</summary>
    Running,

    /// <summary>On the way to <see cref="Stopped"/>.</summary>
    Stopping,

    /// <summary>It could not start, or its TUN device was lost.</summary>
    Failed,
}
