namespace SubnetVpn.Libp2p.Yamux;

/// <summary>
/// Where a write is:
/// <code>
/// Idle ─▶ Queued ─▶ Filling ─▶ Flushing ─▶ Done ─▶ Idle
///           ▲         │  │
///           └─────────┘  └─▶ Parked (no credit) ─▶ Queued
/// </code>
/// Only in Filling is the caller's memory read outside the session's send lock.
/// </summary>
internal enum WritePhase
{
    Idle,
    Queued,
    Filling,
    Parked,
    Flushing,
    Done,
}
