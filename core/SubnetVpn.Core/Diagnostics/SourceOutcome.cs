namespace SubnetVpn.Core.Diagnostics;

/// <summary>What came of asking one discovery source for one address.</summary>
public enum SourceOutcome
{
    /// <summary>It named a peer.</summary>
    Found,

    /// <summary>It knows of nobody.</summary>
    NotFound,

    /// <summary>It could not be asked, or gave an answer to another question.</summary>
    Failed,

    /// <summary>It did not answer in time.</summary>
    TimedOut,

    /// <summary>It threw: a fault of its plugin.</summary>
    Threw,
}
