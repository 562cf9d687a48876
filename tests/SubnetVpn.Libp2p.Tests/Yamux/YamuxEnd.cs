using System.Collections.Concurrent;
using SubnetVpn.Libp2p.Buffers;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Tests.Yamux;

/// <summary>
/// One end of a multiplexed connection without network: what it sends is kept until the test takes it. Everything runs on
/// the calling thread, except the continuations of waiting readers and writers.
/// </summary>
internal sealed class YamuxEnd : IYamuxOwner, IBatchWriter
{
    private readonly List<byte> _sent = [];
    private readonly List<byte> _batch = [];
    private int _room;

    public YamuxEnd(bool isDialer, YamuxOptions? options = null, TimeProvider? time = null, ReceiveBlockPool? blocks = null)
    {
        Blocks = blocks ?? new ReceiveBlockPool(64 * 1024 * 1024);
        Session = new YamuxSession(isDialer, options ?? new YamuxOptions(), Blocks, this, time ?? TimeProvider.System);
    }

    public YamuxSession Session { get; }

    public ReceiveBlockPool Blocks { get; }

    public ConcurrentQueue<YamuxStream> Opened { get; } = [];

    public List<Libp2pLimit> LimitHits { get; } = [];

    public uint? GoAwayCode { get; private set; }

    /// <summary>While set, nothing leaves: the network does not take it.</summary>
    public bool IsBlocked { get; set; }

    public int BatchCapacity { get; set; } = 4 * 65519;

    public int Remaining => _room;

    public YamuxStream Open()
    {
        Assert.Equal(YamuxOpenFailure.None, Session.TryOpen(out YamuxStream? stream));
        return stream!;
    }

    public YamuxStream Accepted()
    {
        Assert.True(Opened.TryDequeue(out YamuxStream? stream));
        return stream;
    }

    /// <summary>Takes what this end has sent.</summary>
    public byte[] TakeBytes()
    {
        lock (_sent)
        {
            byte[] bytes = [.. _sent];
            _sent.Clear();
            return bytes;
        }
    }

    public List<(YamuxHeader Header, byte[] Body)> TakeFrames() => Frames.Parse(TakeBytes());

    public YamuxFault Receive(params byte[][] frames)
    {
        foreach (byte[] frame in frames)
        {
            YamuxFault fault = Session.Receive(frame);
            if (fault != YamuxFault.None)
            {
                return fault;
            }
        }

        Session.EndBatch();
        return YamuxFault.None;
    }

    public void Pump(bool inline)
    {
        if (IsBlocked)
        {
            return;
        }

        while (true)
        {
            _batch.Clear();
            _room = BatchCapacity;
            if (!Session.Fill(this))
            {
                if (Session.TryEndPump())
                {
                    return;
                }

                continue;
            }

            lock (_sent)
            {
                _sent.AddRange(_batch);
            }

            Session.Flushed();
        }
    }

    /// <summary>The network takes bytes again.</summary>
    public void Unblock()
    {
        IsBlocked = false;
        Pump(inline: true);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Assert.True(bytes.Length <= _room, "A frame was written across the end of a batch.");
        _room -= bytes.Length;
        _batch.AddRange(bytes);
    }

    public void StreamOpened(YamuxStream stream) => Opened.Enqueue(stream);

    public void RemoteGoAway(uint code) => GoAwayCode = code;

    public void LimitHit(Libp2pLimit limit) => LimitHits.Add(limit);
}
