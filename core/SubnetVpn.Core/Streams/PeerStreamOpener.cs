using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Membership;
using SubnetVpn.Core.Metrics;
using SubnetVpn.Resilience;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

/// <summary>Opens streams that carry packets, under the resilience policy. Never throws for a peer's fault.</summary>
internal sealed partial class PeerStreamOpener : IStreamService
{
    /// <summary>The operation of the resilience key.</summary>
    public const string Operation = "open_stream";

    // Beyond the transport's own dial and handshake limits; a transport without any must not hold us for ever.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly ITransport _transport;
    private readonly IResiliencePolicy _resilience;
    private readonly TimeProvider _time;
    private readonly Func<PeerId, PeerEndpoint> _findEndpoint;
    private readonly HelloExchange _exchange;
    private readonly string _current;
    private readonly string _legacy;
    private readonly string[] _protocols;
    private readonly ILogger _logger;

    public PeerStreamOpener(ITransport transport, IResiliencePolicy resilience, TimeProvider time, NetworkSettings settings, HelloExchange exchange, Func<PeerId, PeerEndpoint> findEndpoint, ILogger logger)
    {
        _transport = transport;
        _resilience = resilience;
        _time = time;
        _findEndpoint = findEndpoint;
        _logger = logger;
        _exchange = exchange;
        (_current, _legacy) = (VpnProtocols.Current(settings), VpnProtocols.Legacy(settings));
        // The original format has no way to prove anything.
        _protocols = exchange.IsPrivate ? [_current] : [_current, _legacy];
    }

    public bool IsLegacy(string protocol) => protocol == _legacy;

    public CircuitSnapshot GetCircuit(PeerId peer) => _resilience.GetCircuit(ResilienceKey.ForPeer(Operation, peer));

    /// <summary>The peer has shown that it is there.</summary>
    public void Forgive(PeerId peer) => (_resilience as ICircuitBreakers)?.Reset(ResilienceKey.ForPeer(Operation, peer));

    /// <summary>
    /// A stream that has proven to live was found healthy. With a pool at its minimum nothing else would tell a half-open
    /// circuit breaker that the peer works.
    /// </summary>
    public async Task ConfirmAsync(PeerId peer)
    {
        if (_resilience is not ICircuitBreakers breakers || GetCircuit(peer).State != CircuitState.HalfOpen)
            return;
        try
        {
            await breakers.ExecuteAsync(ResilienceKey.ForPeer(Operation, peer), static _ => ValueTask.FromResult(OperationResult<bool>.Success(true)), CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.PolicyFailed(_logger, exception, peer);
        }
    }

    public async ValueTask<OpenStreamResult> CreateVpnStreamAsync(PeerId peer, CancellationToken cancellationToken) =>
        (await OpenStreamAsync(_findEndpoint(peer), new StreamRequest(_protocols), cancellationToken)).Result;

    /// <summary>Asks a peer what it says of itself, on a stream that is closed again. A peer of the original format has no answer.</summary>
    /// <param name="endpoint">The peer, and where to dial it; it need not be one that holds an address.</param>
    /// <param name="cancellationToken">Abandons it with <see cref="OperationCanceledException"/>.</param>
    public async ValueTask<HelloAnswer> AskAsync(PeerEndpoint endpoint, CancellationToken cancellationToken)
    {
        var opened = await _transport.OpenStreamAsync(endpoint, new StreamRequest([_current]), cancellationToken);
        if (opened.Stream is not { } stream)
            return HelloAnswer.Failed(opened.Failure, opened.Detail ?? opened.Failure.ToString());
        await using (stream)
        {
            var answer = await _exchange.GreetAsync(stream, cancellationToken);
            if (answer.Hello is not null)
                await stream.CloseWriteAsync(cancellationToken);
            return answer;
        }
    }

    /// <summary>Opens a stream for an embedder, under the resilience policy.</summary>
    public async ValueTask<OpenStreamResult> OpenForLoanAsync(PeerId peer, CancellationToken cancellationToken)
    {
        var last = OpenStreamResult.Failed(OpenStreamFailure.Unreachable, "The circuit breaker is open.");
        ResilienceResult<bool> result;
        try
        {
            result = await _resilience.ExecuteAsync(
                ResilienceKey.ForPeer(Operation, peer),
                async (opener, token) =>
                {
                    last = await opener.TryOpenAsync(peer, token);
                    return last.Stream is not null
                        ? OperationResult<bool>.Success(true)
                        : OperationResult<bool>.Failure(last.Detail ?? last.Failure.ToString(), IsPermanent(last.Failure));
                },
                this, cancellationToken);
        }
        catch (Exception exception) when (last.Stream is null && exception is not OperationCanceledException)
        {
            // A strategy of a third party failed.
            return OpenStreamResult.Failed(OpenStreamFailure.Unreachable, exception.Message);
        }
        if (last.Stream is null)
            cancellationToken.ThrowIfCancellationRequested();
        return result.Outcome == ResilienceOutcome.CircuitOpen
            ? OpenStreamResult.Failed(OpenStreamFailure.BackingOff, result.Error ?? "The circuit breaker is open.", result.RetryAfter)
            : last;
    }

    private async ValueTask<OpenStreamResult> TryOpenAsync(PeerId peer, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await CreateVpnStreamAsync(peer, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return OpenStreamResult.Failed(OpenStreamFailure.TimedOut, $"No stream to {peer} within {s_timeout.TotalSeconds:0} s.");
        }
    }

    /// <summary>Opens a stream and gives it to the taker; ends when it has proven to live, or was given up.</summary>
    public async ValueTask<OpenedStream> OpenAsync(OpenAttempt attempt, IStreamTaker taker)
    {
        ResilienceResult<bool> result;
        try
        {
            result = await _resilience.ExecuteAsync(
                ResilienceKey.ForPeer(Operation, taker.Endpoint.Peer), static (state, token) => state.Opener.TryAsync(state.Attempt, state.Taker, token),
                (Opener: this, Attempt: attempt, Taker: taker), attempt.Cancelled);
        }
        catch (Exception exception)
        {
            // A strategy of a third party failed; the peer stays unreachable, the node goes on.
            return new OpenedStream(false, exception.Message, PacketDropReason.PeerUnreachable, IsCancelled: false);
        }
        return result.Outcome switch
        {
            ResilienceOutcome.Succeeded => new OpenedStream(true, string.Empty, PacketDropReason.None, IsCancelled: false),
            ResilienceOutcome.CircuitOpen => new OpenedStream(false, result.Error ?? "The circuit breaker is open.", PacketDropReason.CircuitOpen, IsCancelled: false),
            ResilienceOutcome.Cancelled => new OpenedStream(false, "cancelled", PacketDropReason.PeerUnreachable, IsCancelled: attempt.Cancelled.IsCancellationRequested),
            _ => new OpenedStream(false, result.Error ?? "unknown", PacketDropReason.PeerUnreachable, IsCancelled: false),
        };
    }

    private async ValueTask<OperationResult<bool>> TryAsync(OpenAttempt attempt, IStreamTaker taker, CancellationToken cancellationToken)
    {
        try
        {
            return await AttemptAsync(attempt, taker, cancellationToken);
        }
        finally
        {
            attempt.IsTrying = attempt.IsDialling = false;
        }
    }

    private async ValueTask<OperationResult<bool>> AttemptAsync(OpenAttempt attempt, IStreamTaker taker, CancellationToken cancellationToken)
    {
        if (!taker.WantsStream(attempt))
        {
            await attempt.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
        OpenStreamResult opened;
        Greeting? greeting;
        using var timeout = new CancellationTokenSource(s_timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var request = new StreamRequest(_protocols) { Lane = attempt.Lane };
            (opened, greeting) = await DialAsync(taker, request, attempt, both.Token);
            while (opened is { Failure: OpenStreamFailure.BackingOff, RetryAfter: { } rest })
            {
                // Nothing was dialled: no failure of the peer's, and no attempt of ours, until the transport tries again.
                await Task.Delay(rest, _time, both.Token);
                (opened, greeting) = await DialAsync(taker, request, attempt, both.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            taker.Unreached();
            return OperationResult<bool>.Failure($"No stream to {taker.Endpoint.Peer} within {s_timeout.TotalSeconds:0} s.");
        }
        if (opened.Stream is not { } stream)
            return OperationResult<bool>.Failure(opened.Detail ?? opened.Failure.ToString(), IsPermanent(opened.Failure));
        var error = await taker.TakeAsync(attempt, stream, greeting);
        if (attempt.IsInconclusive)
        {
            await attempt.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
        return error is not null ? OperationResult<bool>.Failure(error, attempt.IsRefused) : OperationResult<bool>.Success(true);
    }

    // A stream that it opened still counts as being dialled: then the pool takes it.
    private async ValueTask<(OpenStreamResult Result, Greeting? Greeting)> DialAsync(IStreamTaker taker, StreamRequest request, OpenAttempt attempt, CancellationToken cancellationToken)
    {
        attempt.IsDialling = true;
        var endpoint = taker.Endpoint;
        using var span = VpnTracing.StartStreamOpen(endpoint.Peer, request.Lane);
        try
        {
            var (opened, greeting) = await OpenStreamAsync(endpoint, request, cancellationToken);
            attempt.IsDialling = opened.Stream is not null;
            if (!attempt.IsDialling)
                taker.Unreached();
            VpnTracing.Finish(span, opened.Stream is null ? SnakeCase.Of(opened.Failure) : "ok", opened.Stream is null ? opened.Detail ?? opened.Failure.ToString() : null);
            return (opened, greeting);
        }
        catch (OperationCanceledException)
        {
            VpnTracing.Finish(span, "cancelled", "Cancelled.");
            throw;
        }
    }

    // In a network with a key nobody gets the stream before the peer has proven that it is a member.
    private async ValueTask<(OpenStreamResult Result, Greeting? Greeting)> OpenStreamAsync(PeerEndpoint endpoint, StreamRequest request, CancellationToken cancellationToken)
    {
        var opened = await _transport.OpenStreamAsync(endpoint, request, cancellationToken);
        if (!_exchange.IsPrivate || opened.Stream is not { } stream)
            return (opened, null);
        HelloAnswer answer = default;
        try
        {
            answer = await _exchange.GreetAsync(stream, cancellationToken);
        }
        finally
        {
            if (answer.Greeting is null)
                await stream.DisposeAsync();
        }
        return answer.Greeting is { } greeting ? (opened, greeting) : (OpenStreamResult.Failed(answer.Failure, answer.Detail!), null);
    }

    private static bool IsPermanent(OpenStreamFailure failure) =>
        failure is OpenStreamFailure.NoAddress or OpenStreamFailure.Self or OpenStreamFailure.Stopping or OpenStreamFailure.ProtocolNotSupported or OpenStreamFailure.NotAMember;

    private static partial class Log
    {
        [LoggerMessage(EventId = 120, Level = LogLevel.Error, Message = "The resilience policy failed for {PeerId}")]
        public static partial void PolicyFailed(ILogger logger, Exception exception, PeerId peerId);
    }
}
