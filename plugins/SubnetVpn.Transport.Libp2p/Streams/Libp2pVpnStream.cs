using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Streams;
using ContractEnd = SubnetVpn.Streams.StreamEnd;
using LibraryEnd = SubnetVpn.Libp2p.Connections.StreamEnd;

namespace SubnetVpn.Transport.Libp2p.Streams;

/// <summary>
/// A libp2p stream as the contract wants it. Reads and writes that complete at once pass straight through; those that
/// wait run in pooled state machines, so that nothing is allocated in steady state.
/// </summary>
internal sealed partial class Libp2pVpnStream : IVpnStream
{
    private const int ReadingMark = 1;
    private const int DisposedMark = 2;

    private readonly Libp2pStream _stream;
    private readonly TimeProvider _time;
    private int _marks;
    private int _ownEnd;

    public Libp2pVpnStream(Libp2pStream stream, TimeProvider time)
    {
        (_stream, _time) = (stream, time);
        Info = new VpnStreamInfo
        {
            Peer = PeerIds.ToContract(stream.Connection.RemotePeer),
            Protocol = stream.Protocol,
            Name = $"c{stream.Connection.Id}/{stream.Id}",
            IsInbound = stream.IsInbound,
            RemoteAddress = stream.Connection.RemoteAddress.ToString(),
            ChannelBinding = stream.Connection.HandshakeHash,
        };
    }

    public VpnStreamInfo Info { get; }

    public void Reset() => EndHere(ContractEnd.ResetLocally);

    private bool IsDisposed => (Volatile.Read(ref _marks) & DisposedMark) != 0;

    /// <summary>How it ended. What we did to it ourselves is known here only: the library says that it was reset.</summary>
    private ContractEnd End => OwnEnd is not ContractEnd.None and var own ? own : StreamEnds.ToContract(_stream.End, _stream.Connection);

    private ContractEnd OwnEnd => (ContractEnd)Volatile.Read(ref _ownEnd);

    /// <summary>Resets the stream for a reason of ours, unless it has ended.</summary>
    private void EndHere(ContractEnd reason)
    {
        NoteEnd(reason);
        _stream.Reset(0);
    }

    // The first reason wins. One that the peer gives at this very moment may lose to ours, which nobody can tell apart.
    private void NoteEnd(ContractEnd reason)
    {
        if (_stream.End == LibraryEnd.None)
        {
            Interlocked.CompareExchange(ref _ownEnd, (int)reason, (int)ContractEnd.None);
        }
    }

    private ContractEnd Translate(LibraryEnd end) => end switch
    {
        LibraryEnd.ResetLocally or LibraryEnd.Cancelled => End,
        _ => StreamEnds.ToContract(end, _stream.Connection),
    };
}
