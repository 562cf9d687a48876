namespace SubnetVpn.Streams;

/// <summary>The limits and totals of a peer's streams.</summary>
/// <param name="MinStreams">The least streams to keep: <c>min_streams_per_peer</c>.</param>
/// <param name="MaxStreams">The most streams to have: <c>max_streams_per_peer</c>.</param>
/// <param name="IdleTimeout">After how long an idle stream may go: <c>stream_idle_timeout</c>.</param>
/// <param name="Opening">Streams being opened now, which count as streams.</param>
/// <param name="SinceLastChange">How long ago a stream was last added or removed.</param>
public readonly record struct StreamPoolLoad(int MinStreams, int MaxStreams, TimeSpan IdleTimeout, int Opening, TimeSpan SinceLastChange);
