namespace SubnetVpn.Libp2p.Noise;

/// <summary>The side that dialled.</summary>
internal sealed partial class NoiseHandshake
{
    /// <summary>The first frame. It carries no payload.</summary>
    public ReadOnlyMemory<byte> StartAsInitiator()
    {
        var buffer = new byte[NoiseConstants.LengthBytes + NoiseConstants.KeyBytes];
        return Frame(buffer, _xx.WriteMessage1([], buffer.AsSpan(NoiseConstants.LengthBytes)));
    }

    /// <summary>Takes the responder's message (without its length), checks who it is, and makes the last frame.</summary>
    public NoiseFailure FinishAsInitiator(
        ReadOnlySpan<byte> message, out ReadOnlyMemory<byte> reply, out (NoiseCipher Send, NoiseCipher Receive) ciphers)
    {
        reply = default;
        ciphers = default;
        NoiseFailure failure = _xx.ReadMessage2(message, out byte[] remotePayload);
        failure = failure == NoiseFailure.None ? Accept(remotePayload) : failure;
        if (failure != NoiseFailure.None)
        {
            return failure;
        }

        byte[] payload = NoisePayload.Write(_identity, _xx.LocalStatic, _offer);
        var buffer = new byte[NoiseConstants.LengthBytes + NoiseConstants.KeyBytes + (2 * NoiseConstants.TagBytes) + payload.Length];
        failure = _xx.WriteMessage3(payload, buffer.AsSpan(NoiseConstants.LengthBytes), out int length);
        if (failure != NoiseFailure.None)
        {
            return failure;
        }

        reply = Frame(buffer, length);
        Suite = NoiseOffer.ChooseCipher(_offer, RemoteOffer);
        (NoiseCipher fromInitiator, NoiseCipher fromResponder) = _xx.Split(Suite);
        ciphers = (fromInitiator, fromResponder);
        return NoiseFailure.None;
    }
}
