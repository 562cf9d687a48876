namespace SubnetVpn.Discovery;

/// <summary>Whether a mapping came or went.</summary>
public enum PeerChangeKind
{
    /// <summary>The mapping holds from now on.</summary>
    Found,

    /// <summary>The mapping holds no longer.</summary>
    Lost,
}
