using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

/// <summary>What came of opening a stream: the stream, or why there is none.</summary>
/// <param name="Stream">The stream, or null.</param>
/// <param name="Error">A sentence for the operator when there is none.</param>
/// <param name="DropReason">What becomes of packets that waited for it.</param>
/// <param name="IsCancelled">Whether it was given up by us, so that nothing is known of the peer.</param>
internal readonly record struct OpenedStream(IVpnStream? Stream, string Error, PacketDropReason DropReason, bool IsCancelled);
