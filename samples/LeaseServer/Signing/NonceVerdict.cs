namespace LeaseServer.Signing;

/// <summary>What to make of a nonce.</summary>
internal enum NonceVerdict
{
    /// <summary>The request is new.</summary>
    New,

    /// <summary>There was the same one.</summary>
    Replayed,

    /// <summary>The peer sends too many.</summary>
    TooMany,

    /// <summary>All peers together do.</summary>
    Full,
}
