using System.Buffers.Binary;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Noise;

/// <summary>
/// Builds one send: plaintext is copied once, to where it is encrypted in place.
/// <code>length u16 | ciphertext, at most 65519 | tag 16 | length u16 | ...</code>
/// Belongs to whoever has the sender's role.
/// </summary>
internal sealed class NoiseBatchWriter(NoiseCipher cipher) : IBatchWriter
{
    private byte[] _buffer = [];
    private int _frameStart;
    private int _position;
    private int _remaining;

    public int Remaining => _remaining;

    /// <summary>Starts a send in <paramref name="buffer"/>, which is at least one full frame long.</summary>
    public void Start(byte[] buffer)
    {
        _buffer = buffer;
        _frameStart = 0;
        _position = NoiseConstants.LengthBytes;
        _remaining = buffer.Length / NoiseConstants.MaxFrameBytes * NoiseConstants.MaxPlaintextBytes;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        _remaining -= bytes.Length;
        while (!bytes.IsEmpty)
        {
            int room = _frameStart + NoiseConstants.LengthBytes + NoiseConstants.MaxPlaintextBytes - _position;
            if (room == 0)
            {
                SealFrame();
                continue;
            }

            int count = Math.Min(room, bytes.Length);
            bytes[..count].CopyTo(_buffer.AsSpan(_position));
            _position += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Encrypts the last frame and returns all that is to be sent.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        if (_position > _frameStart + NoiseConstants.LengthBytes)
        {
            SealFrame();
        }

        return _buffer.AsMemory(0, _frameStart);
    }

    private void SealFrame()
    {
        int bodyStart = _frameStart + NoiseConstants.LengthBytes;
        int messageLength = _position - bodyStart + NoiseConstants.TagBytes;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(_frameStart), (ushort)messageLength);
        cipher.Seal(_buffer.AsSpan(bodyStart, messageLength), []);
        _frameStart = bodyStart + messageLength;
        _position = _frameStart + NoiseConstants.LengthBytes;
    }
}
