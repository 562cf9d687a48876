using SubnetVpn.Streams;

namespace SubnetVpn.Core.Frames;

/// <summary>A short frame, or how the stream ended, or why it cannot be read further.</summary>
internal readonly record struct ControlFrame(FrameType Type, ReadOnlyMemory<byte> Body, StreamEnd End, FrameError Error);
