using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Frames;
using SubnetVpn.Core.Metrics;
using SubnetVpn.Core.Streams;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Membership;

/// <summary>
/// Exchanges hellos on a stream before anything else goes over it. In a network with a key both ends prove in them that they hold
/// it, the opener first; without one, the exchange only tells what the peer says of itself. Thread-safe.
/// </summary>
/// <remarks>
/// <code>
///   opener                                         acceptor
///   hello (number, proof)  ───────────────────▶    a right proof, or: goodbye (not allowed), end
///   a right proof, or: end ◀───────────────────    hello (proof, which covers the opener's number)
///   packets                ───────────────────▶
/// </code>
/// </remarks>
internal sealed partial class HelloExchange
{
    /// <summary>The counter of streams that ended because their peer did not prove that it is a member.</summary>
    public const string NotAMember = "not_a_member";

    // For one hello to arrive: over a bad wire it may be sent again a few times.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    // For a goodbye to leave.
    private static readonly TimeSpan s_goodbyeLimit = TimeSpan.FromSeconds(1);

    private readonly string _network;
    private readonly Hello _hello;
    private readonly NetworkMembership? _membership;
    private readonly IPacketPool _pool;
    private readonly VpnMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="settings">The network's settings.</param>
    /// <param name="self">This node.</param>
    /// <param name="hello">What we say of ourselves; its number is the one that we say as acceptor.</param>
    /// <param name="pool">Lends buffers.</param>
    /// <param name="metrics">Where refusals are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public HelloExchange(NetworkSettings settings, PeerId self, Hello hello, IPacketPool pool, VpnMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_network, _hello, _pool, _metrics, _time, _logger) = (settings.Name, hello, pool, metrics, time, logger);
        _membership = NetworkMembership.Of(settings, self);
        OpenHello = ControlFrames.Make(FrameType.Hello, HelloCodec.Encode(hello));
    }

    /// <summary>Whether the network has a key, so that every stream begins with the exchange.</summary>
    public bool IsPrivate => _membership is not null;

    /// <summary>The frame that an acceptor begins with where nobody has to prove anything.</summary>
    public ReadOnlyMemory<byte> OpenHello { get; }

    /// <summary>Says hello on a stream that we opened, and waits for the acceptor's. On a failure the caller ends the stream.</summary>
    /// <param name="stream">A stream of the newer protocol; nothing was written to it or read from it yet.</param>
    /// <param name="cancellationToken">Abandons it with <see cref="OperationCanceledException"/>.</param>
    public async ValueTask<HelloAnswer> GreetAsync(IVpnStream stream, CancellationToken cancellationToken)
    {
        if (IsPrivate && stream.Info.ChannelBinding.IsEmpty)
            return Refuse($"The transport gives its streams no channel binding, so that nobody can prove on them to hold the key of network {_network}. Select another transport.");
        using var limit = new CancellationTokenSource(s_limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var number = StreamNumbers.Next(_time);
            var end = await WriteHelloAsync(stream, number, number, both.Token);
            if (end != StreamEnd.None)
            {
                both.Token.ThrowIfCancellationRequested();
                return HelloAnswer.Failed(OpenStreamFailure.ConnectionLost, $"{stream.Info.Peer} ended the stream before it said hello: {StreamEndNames.Of(end)}.");
            }
            var answer = Judge(stream.Info, number, await new FrameReader(stream, _hello.Mtu).ReadControlAsync(both.Token));
            if (answer.Failure == OpenStreamFailure.NotAMember)
                _metrics.StreamError(NotAMember);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HelloAnswer.Failed(OpenStreamFailure.TimedOut, $"{stream.Info.Peer} said no hello within {s_limit.TotalSeconds:0} s.");
        }
    }

    private HelloAnswer Judge(VpnStreamInfo stream, ulong number, ControlFrame read)
    {
        if (read.Error != FrameError.None)
            return HelloAnswer.Failed(OpenStreamFailure.HandshakeFailed, $"{stream.Peer} broke the rules of the protocol before it said hello: {FrameErrorNames.Of(read.Error)}.");
        if (read.End != StreamEnd.None)
            return HelloAnswer.Failed(OpenStreamFailure.ConnectionLost, $"{stream.Peer} ended the stream before it said hello: {StreamEndNames.Of(read.End)}.");
        if (read.Type == FrameType.Goodbye && GoodbyeCodec.TryDecode(read.Body.Span, out var goodbye))
            return Judge(stream.Peer, goodbye);
        if (read.Type != FrameType.Hello || !HelloCodec.TryDecode(read.Body.Span, out var hello))
            return HelloAnswer.Failed(OpenStreamFailure.HandshakeFailed, $"{stream.Peer} did not begin the stream with a hello.");
        if (_membership is not null && !_membership.Check(stream, number, hello.Proof.Span))
            return Refuse($"{stream.Peer} does not hold the key of network {_network}.");
        return HelloAnswer.Said(new Greeting(number, hello));
    }

    private HelloAnswer Judge(PeerId peer, Goodbye goodbye)
    {
        var text = goodbye.Text.Length > 0 ? goodbye.Text : "it does not say why";
        if (goodbye.Reason != GoodbyeReason.NotAllowed)
            return HelloAnswer.Failed(OpenStreamFailure.ConnectionLost, $"{peer} said goodbye before it said hello: {text}.");
        return Refuse(IsPrivate
            ? $"{peer} says that we do not hold the key of network {_network}: our network key differs from its ({text})."
            : $"{peer} does not let us in: {text}.");
    }

    private static HelloAnswer Refuse(string detail) => HelloAnswer.Failed(OpenStreamFailure.NotAMember, detail);

    // Number: what the hello says; streamNumber: what the proof covers.
    private ValueTask<StreamEnd> WriteHelloAsync(IVpnStream stream, ulong number, ulong streamNumber, CancellationToken cancellationToken)
    {
        var hello = _hello with { Number = number, Proof = _membership?.Prove(stream.Info, streamNumber) ?? default(ReadOnlyMemory<byte>) };
        return WriteAsync(stream, ControlFrames.Make(FrameType.Hello, HelloCodec.Encode(hello)), cancellationToken);
    }

    private async ValueTask<StreamEnd> WriteAsync(IVpnStream stream, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        var buffer = _pool.Rent(frame.Length);
        buffer.Set(frame.Span);
        try
        {
            return await stream.WriteAsync(new[] { buffer }, cancellationToken);
        }
        finally
        {
            buffer.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 420, Level = LogLevel.Debug, Message = "Stream {Stream} of {PeerId} was refused: {Reason}")]
        public static partial void Refused(ILogger logger, string stream, PeerId peerId, string reason);
    }
}
