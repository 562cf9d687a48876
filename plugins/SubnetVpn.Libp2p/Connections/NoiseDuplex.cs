using System.Buffers.Binary;
using SubnetVpn.Libp2p.Negotiation;
using SubnetVpn.Libp2p.Noise;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>
/// The encrypted link before the multiplexer runs on it: for peers that agree on one only after the Noise handshake.
/// What was received behind the agreement is <see cref="Rest"/>.
/// </summary>
internal sealed class NoiseDuplex(IByteLink link, NoiseCipher send, NoiseCipher receive) : IByteDuplex
{
    private ReadOnlyMemory<byte> _plaintext;

    public ReadOnlyMemory<byte> Rest => _plaintext;

    public bool IsDataAvailable => !_plaintext.IsEmpty;

    /// <summary>A message did not authenticate.</summary>
    public bool DecryptFailed { get; private set; }

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (_plaintext.IsEmpty)
        {
            var read = await NoiseFrameReader.ReadAsync(link, NoiseConstants.MaxMessageBytes, cancellationToken).ConfigureAwait(false);
            if (read.Message is not { } message)
            {
                return 0;
            }

            if (!receive.TryOpen(message, []))
            {
                DecryptFailed = true;
                return 0;
            }

            _plaintext = message.AsMemory(0, message.Length - NoiseConstants.TagBytes);
        }

        int count = Math.Min(destination.Length, _plaintext.Length);
        _plaintext[..count].CopyTo(destination);
        _plaintext = _plaintext[count..];
        return count;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        var frame = new byte[NoiseConstants.LengthBytes + source.Length + NoiseConstants.TagBytes];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)(source.Length + NoiseConstants.TagBytes));
        source.CopyTo(frame.AsMemory(NoiseConstants.LengthBytes));
        send.Seal(frame.AsSpan(NoiseConstants.LengthBytes), []);
        await link.SendAsync(frame, cancellationToken).ConfigureAwait(false);
    }
}
