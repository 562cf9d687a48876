namespace SubnetVpn.Discovery;

/// <summary>What came of an announcement.</summary>
public enum AnnounceOutcome
{
    /// <summary>The source has nobody to tell.</summary>
    NotSupported,

    /// <summary>Others can find us now.</summary>
    Announced,

    /// <summary>It failed; the host tries again later.</summary>
    Failed,

    /// <summary>The address belongs to somebody else.</summary>
    Refused,
}
