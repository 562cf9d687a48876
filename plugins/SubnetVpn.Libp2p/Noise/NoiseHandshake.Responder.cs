namespace SubnetVpn.Libp2p.Noise;

/// <summary>The side that was dialled.</summary>
internal sealed partial class NoiseHandshake
{
    /// <summary>Takes the first message (without its length) and makes the second frame.</summary>
    public NoiseFailure AnswerAsResponder(ReadOnlySpan<byte> message, out ReadOnlyMemory<byte> reply)
    {
        reply = default;
        NoiseFailure failure = _xx.ReadMessage1(message, out _);
        if (failure != NoiseFailure.None)
        {
            return failure;
        }

        byte[] payload = NoisePayload.Write(_identity, _xx.LocalStatic, _offer);
        var buffer = new byte[NoiseConstants.LengthBytes + (2 * NoiseConstants.KeyBytes) + (2 * NoiseConstants.TagBytes) + payload.Length];
        failure = _xx.WriteMessage2(payload, buffer.AsSpan(NoiseConstants.LengthBytes), out int length);
        reply = failure == NoiseFailure.None ? Frame(buffer, length) : default;
        return failure;
    }

    /// <summary>Takes the last message (without its length) and checks who the initiator is.</summary>
    public NoiseFailure FinishAsResponder(ReadOnlySpan<byte> message, out (NoiseCipher Send, NoiseCipher Receive) ciphers)
    {
        ciphers = default;
        NoiseFailure failure = _xx.ReadMessage3(message, out byte[] remotePayload);
        failure = failure == NoiseFailure.None ? Accept(remotePayload) : failure;
        if (failure != NoiseFailure.None)
        {
            return failure;
        }

        Suite = NoiseOffer.ChooseCipher(RemoteOffer, _offer);
        (NoiseCipher fromInitiator, NoiseCipher fromResponder) = _xx.Split(Suite);
        ciphers = (fromResponder, fromInitiator);
        return NoiseFailure.None;
    }
}
