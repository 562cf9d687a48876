namespace SubnetVpn;

/// <summary>What kind of fault a <see cref="VpnException"/> tells of.</summary>
public enum VpnErrorReason
{
    /// <summary>The configuration is wrong. The process ends with exit code 2.</summary>
    Configuration,

    /// <summary>A plugin is missing, does not fit or failed, and something selected needs it.</summary>
    Plugin,

    /// <summary>The identity cannot be read or written.</summary>
    Identity,

    /// <summary>The right to do it is missing, such as root or CAP_NET_ADMIN.</summary>
    Permission,

    /// <summary>The TUN device cannot be made or set up.</summary>
    Tun,

    /// <summary>The transport cannot listen, such as when the port is in use.</summary>
    Transport,

    /// <summary>The control socket cannot be made or reached.</summary>
    Control,

    /// <summary>Discovery cannot start or announce.</summary>
    Discovery,
}
