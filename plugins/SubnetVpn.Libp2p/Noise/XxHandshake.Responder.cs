namespace SubnetVpn.Libp2p.Noise;

/// <summary>The responder's three steps.</summary>
internal sealed partial class XxHandshake
{
    /// <summary>Message 1: e.</summary>
    public NoiseFailure ReadMessage1(ReadOnlySpan<byte> message, out byte[] payload)
    {
        payload = [];
        if (message.Length < NoiseConstants.KeyBytes)
        {
            return NoiseFailure.Malformed;
        }

        ReadEphemeral(message[..NoiseConstants.KeyBytes]);
        return ReadPayload(message[NoiseConstants.KeyBytes..], out payload);
    }

    /// <summary>Message 2: e, ee, s, es. Returns the bytes written, or a failure.</summary>
    public NoiseFailure WriteMessage2(ReadOnlySpan<byte> payload, Span<byte> destination, out int length)
    {
        length = WriteEphemeral(destination);
        if (!TryMix(_ephemeral, _remoteEphemeral))
        {
            return NoiseFailure.WeakKey;
        }

        length += _state.EncryptAndHash(_static.PublicKey, destination[length..]);
        if (!TryMix(_static, _remoteEphemeral))
        {
            return NoiseFailure.WeakKey;
        }

        length += _state.EncryptAndHash(payload, destination[length..]);
        return NoiseFailure.None;
    }

    /// <summary>Message 3: s, se.</summary>
    public NoiseFailure ReadMessage3(ReadOnlySpan<byte> message, out byte[] payload)
    {
        const int sealedKey = NoiseConstants.KeyBytes + NoiseConstants.TagBytes;
        payload = [];
        if (message.Length < sealedKey + NoiseConstants.TagBytes)
        {
            return NoiseFailure.Malformed;
        }

        if (!TryReadStatic(message[..sealedKey]))
        {
            return NoiseFailure.DecryptFailed;
        }

        return TryMix(_ephemeral, _remoteStatic) ? ReadPayload(message[sealedKey..], out payload) : NoiseFailure.WeakKey;
    }
}
