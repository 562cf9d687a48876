namespace SubnetVpn.Streams;

/// <summary>What a read brought: bytes, or the end.</summary>
/// <param name="Count">How many bytes; 0 exactly at the end.</param>
/// <param name="End">How the stream ended; <see cref="StreamEnd.None"/> with bytes.</param>
public readonly record struct StreamRead(int Count, StreamEnd End);
