namespace SubnetVpn.Libp2p.Noise;

/// <summary>The initiator's three steps.</summary>
internal sealed partial class XxHandshake
{
    /// <summary>Message 1: e. The payload is not encrypted. Returns the bytes written.</summary>
    public int WriteMessage1(ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        int length = WriteEphemeral(destination);
        return length + _state.EncryptAndHash(payload, destination[length..]);
    }

    /// <summary>Message 2: e, ee, s, es.</summary>
    public NoiseFailure ReadMessage2(ReadOnlySpan<byte> message, out byte[] payload)
    {
        const int sealedKey = NoiseConstants.KeyBytes + NoiseConstants.TagBytes;
        payload = [];
        if (message.Length < NoiseConstants.KeyBytes + sealedKey + NoiseConstants.TagBytes)
        {
            return NoiseFailure.Malformed;
        }

        ReadEphemeral(message[..NoiseConstants.KeyBytes]);
        message = message[NoiseConstants.KeyBytes..];
        if (!TryMix(_ephemeral, _remoteEphemeral))
        {
            return NoiseFailure.WeakKey;
        }

        if (!TryReadStatic(message[..sealedKey]))
        {
            return NoiseFailure.DecryptFailed;
        }

        return TryMix(_ephemeral, _remoteStatic) ? ReadPayload(message[sealedKey..], out payload) : NoiseFailure.WeakKey;
    }

    /// <summary>Message 3: s, se. Returns the bytes written, or a failure.</summary>
    public NoiseFailure WriteMessage3(ReadOnlySpan<byte> payload, Span<byte> destination, out int length)
    {
        length = _state.EncryptAndHash(_static.PublicKey, destination);
        if (!TryMix(_static, _remoteEphemeral))
        {
            return NoiseFailure.WeakKey;
        }

        length += _state.EncryptAndHash(payload, destination[length..]);
        return NoiseFailure.None;
    }
}
