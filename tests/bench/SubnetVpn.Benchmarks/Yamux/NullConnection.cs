using SubnetVpn.Libp2p.Buffers;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Noise;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Benchmarks.Yamux;

/// <summary>The owner of a multiplexer whose sends go nowhere, and whose peer has room for everything.</summary>
internal sealed class NullConnection : IYamuxOwner, IBatchWriter, IDisposable
{
    private readonly YamuxSession _session;
    private readonly NoiseCipher _cipher = new(new byte[NoiseConstants.KeyBytes]);
    private readonly NoiseBatchWriter? _encrypting;
    private readonly byte[] _buffer = new byte[LargeBufferPool.BufferBytes];

    public NullConnection(bool isEncrypted)
    {
        _session = new YamuxSession(isDialer: true, new YamuxOptions(), new ReceiveBlockPool(1024 * 1024), this, TimeProvider.System);
        _encrypting = isEncrypted ? new NoiseBatchWriter(_cipher) : null;
    }

    public int Remaining { get; private set; }

    public YamuxStream Open()
    {
        if (_session.TryOpen(out var stream) != YamuxOpenFailure.None)
            throw new InvalidOperationException("No stream could be opened.");
        stream!.SendWindow = long.MaxValue;
        return stream;
    }

    public void Pump(bool inline)
    {
        do
        {
            while (Fill())
                _session.Flushed();
        }
        while (!_session.TryEndPump());
    }

    public void Write(ReadOnlySpan<byte> bytes) => Remaining -= bytes.Length;

    public void StreamOpened(YamuxStream stream)
    {
    }

    public void RemoteGoAway(uint code)
    {
    }

    public void LimitHit(Libp2pLimit limit)
    {
    }

    public void Dispose() => _cipher.Dispose();

    private bool Fill()
    {
        if (_encrypting is null)
        {
            Remaining = _buffer.Length;
            return _session.Fill(this);
        }
        _encrypting.Start(_buffer);
        if (!_session.Fill(_encrypting))
            return false;
        _encrypting.Finish();
        return true;
    }
}
