using Microsoft.Extensions.Logging;
using SubnetVpn.Registry.Http.Protocol;

namespace SubnetVpn.Registry.Http.Leases;

/// <summary>Holds the lease of one of our own addresses: requests it, renews it in time, gives it back. Thread-safe.</summary>
/// <remarks>
/// <code>
/// not held ──request──▶ held ──0.8 of its time, or found free──▶ request again
///     ▲                  │
///     └── another has it, or the server refuses ──┘   (and is asked again and again, less and less often)
/// </code>
/// Nothing is asked before the first <see cref="ConfirmAsync"/>: a configuration is checked without a request.
/// </remarks>
internal sealed partial class OwnLease : IAsyncDisposable
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(5);

    // A lease may be longer than a timer can be set for.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(30);
    private static readonly TimeSpan s_releaseLimit = TimeSpan.FromSeconds(2);

    // Nodes that started together do not all renew together.
    private const double Jitter = 0.05;

    private readonly VirtualIp _address;
    private readonly PeerId _self;
    private readonly LeaseClient _client;
    private readonly double _renewAt;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<LeaseAnswer> _learned;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private Task? _renewing;
    private (long Since, TimeSpan Duration)? _held;
    private LeaseState _told;
    private volatile bool _isHeld;

    // Whether the server may have given it to us without our hearing of it.
    private bool _isUncertain;

    /// <param name="address">Our address.</param>
    /// <param name="self">This node.</param>
    /// <param name="client">Asks the server.</param>
    /// <param name="renewAt">After which part of its time it is renewed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For what happens to it.</param>
    /// <param name="learned">Told of each answer that came by itself.</param>
    public OwnLease(VirtualIp address, PeerId self, LeaseClient client, double renewAt, TimeProvider time, ILogger logger, Action<LeaseAnswer> learned) =>
        (_address, _self, _client, _renewAt, _time, _logger, _learned) = (address, self, client, renewAt, time, logger, learned);

    /// <summary>Whether we hold it, as far as we know.</summary>
    public bool IsHeld => _isHeld;

    /// <summary>Finds out who holds the address; when nobody does, requests it.</summary>
    public async Task<LeaseAnswer> ConfirmAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await _turn.WaitAsync(either.Token);
        try
        {
            if (_held is { } held && _time.GetElapsedTime(held.Since) < held.Duration * _renewAt)
            {
                var found = await _client.FindAsync(_address, either.Token);
                if (found.Outcome != LeaseOutcome.Free)
                    return Take(found, isRequest: false);
            }
            var answer = await RequestAsync(either.Token);
            _renewing ??= Task.Run(() => RenewAsync(_stopping.Token), CancellationToken.None);
            return answer;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops renewing, and gives the lease back if the server answers soon.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_renewing is { } renewing)
            await renewing;
        await _turn.WaitAsync();
        if (IsHeld || _isUncertain)
        {
            using var limit = new CancellationTokenSource(s_releaseLimit, _time);
            try
            {
                var answer = await _client.ReleaseAsync(_address, limit.Token);
                if (answer.Outcome != LeaseOutcome.Free)
                    LogNotReleased(_logger, _address, answer.Detail);
            }
            catch (OperationCanceledException)
            {
                LogNotReleased(_logger, _address, $"no answer within {s_releaseLimit.TotalSeconds:0} s");
            }
        }
        _turn.Dispose();
        _stopping.Dispose();
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(PauseAfter(failures), _time, cancellationToken);
                failures = await TryRenewAsync(failures, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it is, a lease that nobody renews any more would be worse.
                failures++;
                LogRenewalThrew(_logger, exception, _address);
            }
        }
    }

    private async Task<int> TryRenewAsync(int failures, CancellationToken cancellationToken)
    {
        LeaseAnswer answer;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Somebody who asked may have renewed it meanwhile.
            if (failures == 0 && _held is { } held && _time.GetElapsedTime(held.Since) < held.Duration * (_renewAt - Jitter))
                return 0;
            answer = await RequestAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
        failures = answer.Outcome == LeaseOutcome.Held && answer.Holder == _self ? 0 : failures + 1;
        if (answer.IsAnswered)
            _learned(answer);
        else
            LogNotRenewed(_logger, _address, PauseAfter(failures), answer.Detail);
        return failures;
    }

    private TimeSpan PauseAfter(int failures)
    {
        var jitter = Jitter * Random.Shared.NextDouble();
        TimeSpan pause;
        if (failures == 0 && _held is { } held)
            pause = (held.Duration * (_renewAt - jitter)) - _time.GetElapsedTime(held.Since);
        else
            pause = s_firstPause * Math.Pow(2, Math.Clamp(failures - 1, 0, 10)) * (1 - jitter);
        var longest = failures > 0 ? s_longestPause : s_longestWait;
        return pause < s_shortestPause ? s_shortestPause : pause > longest ? longest : pause;
    }

    // Under the turn.
    private async Task<LeaseAnswer> RequestAsync(CancellationToken cancellationToken)
    {
        _isUncertain = true;
        var answer = await _client.RequestAsync(_address, cancellationToken);
        _isUncertain = !answer.IsAnswered && answer.Outcome != LeaseOutcome.Rejected;
        return Take(answer, isRequest: true);
    }

    // Under the turn.
    private LeaseAnswer Take(LeaseAnswer answer, bool isRequest)
    {
        if (!answer.IsAnswered)
        {
            // A lease that we can no longer be sure of is nothing to give back, but it may still be ours.
            if (_held is { } held && _time.GetElapsedTime(held.Since) >= held.Duration)
                Tell(LeaseState.RanOut, () => LogRanOut(_logger, _address));
            return answer;
        }
        if (answer.Outcome == LeaseOutcome.Held && answer.Holder == _self)
        {
            if (isRequest)
                _held = (_time.GetTimestamp(), answer.ExpiresIn);
            _isHeld = true;
            Tell(LeaseState.Held, () => LogLeased(_logger, _address, answer.ExpiresIn));
            return answer;
        }
        _held = null;
        _isHeld = false;
        if (answer.Outcome == LeaseOutcome.Held)
            Tell(LeaseState.Lost, () => LogLost(_logger, _address, answer.Holder));
        else
            Tell(LeaseState.Refused, () => LogRefused(_logger, _address, answer.Detail));
        return answer;
    }

    // Each change once, not each answer.
    private void Tell(LeaseState state, Action log)
    {
        if (_told == state)
            return;
        _told = state;
        log();
    }
}
