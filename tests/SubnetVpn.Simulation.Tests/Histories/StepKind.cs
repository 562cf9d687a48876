namespace SubnetVpn.Simulation.Tests.Histories;

/// <summary>What can happen in a history.</summary>
internal enum StepKind
{
    /// <summary>Some packets of one flow.</summary>
    Send,

    /// <summary>Some packets of every flow between two nodes, in turn.</summary>
    SendAll,

    /// <summary>One stream between two nodes is reset.</summary>
    ResetStream,

    /// <summary>Every stream between two nodes is reset.</summary>
    ResetAll,

    /// <summary>Every stream between two nodes is reset by another thread, while packets are sent.</summary>
    ResetWhileSending,

    /// <summary>The connections between two nodes are lost.</summary>
    Drop,

    /// <summary>Two nodes cannot reach each other.</summary>
    Cut,

    /// <summary>They can again.</summary>
    Restore,

    /// <summary>Nothing arrives in one direction.</summary>
    Pause,

    /// <summary>It does again.</summary>
    Resume,

    /// <summary>The TUN device of a node takes nothing.</summary>
    Block,

    /// <summary>It does again.</summary>
    Unblock,

    /// <summary>The TUN device of a node refuses some packets.</summary>
    Refuse,

    /// <summary>The delay of a link changes.</summary>
    Delay,

    /// <summary>The bandwidth of a link changes.</summary>
    Bandwidth,

    /// <summary>A node gets other limits for its streams while it runs.</summary>
    Limits,

    /// <summary>Time passes.</summary>
    Advance,

    /// <summary>A node stops in good order.</summary>
    Stop,

    /// <summary>A node is gone from one moment to the next.</summary>
    Crash,

    /// <summary>It comes back.</summary>
    Start,
}
