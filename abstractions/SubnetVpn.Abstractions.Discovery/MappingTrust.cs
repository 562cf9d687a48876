namespace SubnetVpn.Discovery;

/// <summary>How far a mapping can be trusted, in rising order. The first source whose answer is trusted enough wins.</summary>
public enum MappingTrust
{
    /// <summary>Somebody said so.</summary>
    Hearsay = 0,

    /// <summary>The peer itself signed it.</summary>
    Signed = 1,

    /// <summary>A member of the network, proven by its key, signed it.</summary>
    Member = 2,

    /// <summary>The operator's own configuration, or the registry of the network.</summary>
    Authoritative = 3,
}
