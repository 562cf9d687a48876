using SubnetVpn.Core.Frames;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Membership;

// The acceptor's end, in a network with a key.
internal sealed partial class HelloExchange
{
    /// <summary>
    /// Lets a stream in that a peer opened: waits for its hello, whose proof must be right. Whoever does not prove that it is a
    /// member is told so and counted; nothing of it is kept.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="reader">Reads it; nothing was read yet.</param>
    /// <param name="cancellationToken">Abandons it with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The opener's hello; null when the stream is to be ended, or ended by itself as the reader says.</returns>
    public async ValueTask<Hello?> AdmitAsync(IVpnStream stream, FrameReader reader, CancellationToken cancellationToken)
    {
        var (hello, refusal) = await ReadHelloAsync(stream, reader, cancellationToken);
        if (refusal is null)
            return hello;
        _metrics.StreamError(NotAMember);
        Log.Refused(_logger, stream.Info.Name, stream.Info.Peer, refusal);
        await SayGoodbyeAsync(stream, refusal, cancellationToken);
        return null;
    }

    /// <summary>Answers a hello that was let in.</summary>
    /// <returns>Whether the stream goes on.</returns>
    public async ValueTask<bool> AnswerAsync(IVpnStream stream, Hello opener, CancellationToken cancellationToken) =>
        await WriteHelloAsync(stream, _hello.Number, opener.Number, cancellationToken) == StreamEnd.None;

    private async ValueTask<(Hello? Hello, string? Refusal)> ReadHelloAsync(IVpnStream stream, FrameReader reader, CancellationToken cancellationToken)
    {
        if (stream.Info.ChannelBinding.IsEmpty)
            return (null, $"network {_network} has a key, and this transport has no channel binding to prove on that one holds it");
        using var limit = new CancellationTokenSource(s_limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            // Not what is behind the header of anything else, however long it says that it is.
            var (ok, header) = await reader.ReadHeaderAsync(both.Token);
            if (!ok)
                return default;
            if (header.Type != FrameType.Hello)
                return (null, $"network {_network} has a key: a stream begins with a hello that proves that its opener holds it");
            var (complete, body) = await reader.ReadBodyAsync(header.BodyLength, both.Token);
            if (!complete)
                return default;
            return HelloCodec.TryDecode(body.Span, out var hello) ? (hello, Judge(stream.Info, hello)) : (null, "the hello cannot be read");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"network {_network} has a key, and there was no hello within {s_limit.TotalSeconds:0} s");
        }
    }

    private string? Judge(VpnStreamInfo stream, Hello hello)
    {
        if (hello.Proof.IsEmpty)
            return $"network {_network} has a key, and you did not prove that you hold it: set network_key";
        return _membership!.Check(stream, hello.Number, hello.Proof.Span) ? null : $"your key of network {_network} is another one than ours";
    }

    // Closed in good order, so that the text arrives: a reset would overtake it.
    private async ValueTask SayGoodbyeAsync(IVpnStream stream, string text, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_goodbyeLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var goodbye = ControlFrames.Make(FrameType.Goodbye, GoodbyeCodec.Encode(new Goodbye(GoodbyeReason.NotAllowed, text)));
            if (await WriteAsync(stream, goodbye, both.Token) == StreamEnd.None)
                await stream.CloseWriteAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It does not read; disposal resets the stream.
        }
    }
}
