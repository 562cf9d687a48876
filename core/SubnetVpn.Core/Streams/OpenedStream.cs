namespace SubnetVpn.Core.Streams;

/// <summary>What came of opening a stream.</summary>
/// <param name="IsOpened">Whether there was one that lived.</param>
/// <param name="Error">A sentence for the operator when there was none.</param>
/// <param name="DropReason">What becomes of packets that waited for it.</param>
/// <param name="IsCancelled">Whether it was given up by us, so that nothing is known of the peer.</param>
internal readonly record struct OpenedStream(bool IsOpened, string Error, PacketDropReason DropReason, bool IsCancelled);
