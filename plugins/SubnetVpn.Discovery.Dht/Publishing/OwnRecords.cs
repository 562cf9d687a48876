using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery.Dht.Diagnostics;
using SubnetVpn.Discovery.Dht.Original;

namespace SubnetVpn.Discovery.Dht.Publishing;

/// <summary>
/// Keeps the records of our addresses in the table: looks whether somebody has the better claim, stores, and does so again before they
/// expire, when we can be dialled elsewhere, and, with growing pauses, while it fails. Thread-safe.
/// </summary>
internal sealed partial class OwnRecords : IAsyncDisposable
{
    // How often it is looked whether we can be dialled elsewhere.
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lastRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly RecordPublisher _publisher;
    private readonly OriginalRecords? _original;
    private readonly DialAddresses _dialAddresses;
    private readonly DhtOptions _options;
    private readonly string _network;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private volatile IReadOnlyList<OwnAddress> _addresses = [];
    private IReadOnlyList<string> _told = [];
    private long _roundAt;
    private TimeSpan _pause;
    private TimeSpan _retry = s_firstRetry;
    private PublishOutcome? _logged;
    private volatile Task _ticking = Task.CompletedTask;
    private bool _isDisposed;

    public OwnRecords(RecordPublisher publisher, OriginalRecords? original, DialAddresses dialAddresses, DhtOptions options, string network, TimeProvider time, ILogger logger)
    {
        (_publisher, _original, _dialAddresses, _options, _network, _time, _logger) = (publisher, original, dialAddresses, options, network, time, logger);
        _timer = time.CreateTimer(static self => ((OwnRecords)self!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Addresses whose record stands.</summary>
    public int Published => _addresses.Count(static address => address.Outcome == PublishOutcome.Published);

    /// <summary>Our claim to an address; null when we announced none.</summary>
    public AddressClaim? FindClaim(VirtualIp address) => _addresses.FirstOrDefault(own => own.Claim.Address == address)?.Claim;

    /// <summary>Holds these addresses from now on, and no others, and publishes them.</summary>
    public async Task<AnnounceOutcome> AnnounceAsync(IReadOnlyList<AddressClaim> claims, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var before = _addresses;
            _addresses = [.. claims.Select(claim => before.FirstOrDefault(own => own.Claim == claim) ?? new OwnAddress(claim))];
            var gone = before.Where(own => !claims.Any(claim => claim.Address == own.Claim.Address)).ToList();
            if (gone.Count > 0)
                await _publisher.ReleaseAsync(gone, cancellationToken);
            return claims.Count == 0 ? AnnounceOutcome.NotSupported : await RoundAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _turn.WaitAsync();
        _isDisposed = true;
        _turn.Release();
        await _timer.DisposeAsync();
        await _ticking;
        await _publisher.ReleaseAsync(_addresses, CancellationToken.None);
        _stopping.Dispose();
    }

    private void Tick() => _ticking = TickAsync();

    private async Task TickAsync()
    {
        try
        {
            await _turn.WaitAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        try
        {
            if (_time.GetElapsedTime(_roundAt) >= _pause || !_dialAddresses.GetOwn().SequenceEqual(_told))
                await RoundAsync(_stopping.Token);
            else
                SetTimer();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopping.
        }
        finally
        {
            _turn.Release();
        }
    }

    // In turn. Publishes all addresses and sets the clock for the next time, also when it is abandoned.
    private async Task<AnnounceOutcome> RoundAsync(CancellationToken cancellationToken)
    {
        var outcome = PublishOutcome.Failed;
        _told = _dialAddresses.GetOwn();
        using var limit = new CancellationTokenSource(s_limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken, _stopping.Token);
        try
        {
            await Task.WhenAll(_addresses.Select(own => _publisher.PublishAsync(own, _told, both.Token)));
            // For an address that is another's we do not speak there either.
            if (_original is not null && _addresses.FirstOrDefault(static own => own.Claim.Address.IsIPv4 && own.Outcome != PublishOutcome.Refused) is { } first)
                await _original.PublishAsync(first.Claim.Address, both.Token);
            outcome = _addresses.Any(static own => own.Outcome == PublishOutcome.Refused) ? PublishOutcome.Refused
                : _addresses.Any(static own => own.Outcome == PublishOutcome.Failed) ? PublishOutcome.Failed
                : PublishOutcome.Published;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // As good as a failure; the next attempt comes.
        }
        finally
        {
            Plan(outcome);
        }
        Tell(outcome);
        return outcome switch
        {
            PublishOutcome.Published => AnnounceOutcome.Announced,
            PublishOutcome.Refused => AnnounceOutcome.Refused,
            _ => AnnounceOutcome.Failed,
        };
    }

    private void Plan(PublishOutcome outcome)
    {
        _roundAt = _time.GetTimestamp();
        var isFailed = outcome == PublishOutcome.Failed || _addresses.Any(static own => own.Outcome == PublishOutcome.Failed);
        // Up to a tenth more or less, so that a network that started together does not publish together.
        _pause = (isFailed ? _retry : _options.RecordLifetime / 3) * (0.9 + (0.2 * Random.Shared.NextDouble()));
        _retry = !isFailed ? s_firstRetry : _retry * 2 < s_lastRetry ? _retry * 2 : s_lastRetry;
        SetTimer();
    }

    private void SetTimer()
    {
        var rest = _pause - _time.GetElapsedTime(_roundAt);
        // A little late rather than early.
        rest = (rest > TimeSpan.Zero ? rest : TimeSpan.Zero) + TimeSpan.FromMilliseconds(1);
        _timer.Change(rest < s_pollInterval ? rest : s_pollInterval, Timeout.InfiniteTimeSpan);
    }

    private void Tell(PublishOutcome outcome)
    {
        if (outcome == _logged)
            return;
        if (outcome == PublishOutcome.Published)
            LogPublished(_logger, _network, _addresses.Count, _told.Count);
        else if (outcome == PublishOutcome.Failed)
            LogNotPublished(_logger, _network);
        _logged = outcome;
    }
}
