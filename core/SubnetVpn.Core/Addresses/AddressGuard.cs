using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Frames;
using SubnetVpn.Discovery;
using SubnetVpn.Streams;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Addresses;

/// <summary>
/// Finds out while a network runs whether another peer claims an address of this node, and who of the two keeps it. Thread-safe.
/// </summary>
/// <remarks>
/// <code>
///   a source gives it to a peer ─┐
///   the question, every minute ──┼─ hearsay ──▶ the peer is asked itself ─┐
///   a peer says so in a hello ───┴─ signed or more, or its own word ──────┴─▶ AddressClaim ─▶ kept, or lost: moved, stopped
/// </code>
/// A signed claim outlives its peer, whose address may long be ours: the peer is asked, too, before the network stops for it.
/// With a registry only its word counts; without a network key only the operator's, or a member's. An automatic IPv6 address
/// follows from the peer id, and is not disputed.
/// </remarks>
internal sealed partial class AddressGuard
{
    /// <summary>The source of what a peer says of itself.</summary>
    public const string HelloSource = "hello";

    private const int MaxRivals = 256;
    private const int MaxWaiting = 16;

    private static readonly TimeSpan s_questionInterval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_confirmationInterval = TimeSpan.FromSeconds(60);

    // Of a peer, to be reached and to say hello.
    private static readonly TimeSpan s_confirmationLimit = TimeSpan.FromSeconds(15);

    private readonly AddressGuardContext _context;
    private readonly NetworkKey _key;
    private readonly TunAddress[] _disputable;
    private readonly TimeSpan _interval;
    private readonly Lock _gate = new();
    private readonly RecentRivals _kept = new(MaxRivals);
    private readonly RecentRivals _confirmed = new(MaxRivals);
    private readonly Queue<(TunAddress Own, AddressRival Rival, PeerEndpoint Endpoint)> _waiting = [];
    private readonly SemaphoreSlim _confirmable = new(0);
    private readonly SemaphoreSlim _askNow = new(0, 1);
    private bool _isLost;

    public AddressGuard(AddressGuardContext context)
    {
        _context = context;
        var settings = context.Settings;
        _key = settings.NetworkKey ?? NetworkKey.Open(settings.Name);
        _disputable = [.. settings.Addresses.Where(own => own.Address.IsIPv4 || !settings.IsAutomatic(own.Address))];
        // 54 to 66 s, by the peer id: nodes that start together do not go on asking together.
        var spread = context.Self.ToString().Sum(static character => character) % 121;
        _interval = s_questionInterval * (0.9 + (spread / 600.0));
    }

    /// <summary>A peer said hello: in a network with a key it has proven that it is a member.</summary>
    public void Heard(PeerId peer, Hello hello)
    {
        foreach (var own in _disputable)
            if (hello.VirtualIps.Contains(own.Address) && peer != _context.Self)
                Judge(own, new AddressRival(peer, HelloSource, TrustOfHello, hello.IsAutomatic));
    }

    /// <summary>A source gave an address to a peer in vain.</summary>
    public void Refused(RefusedClaim claim)
    {
        if (claim.Reason != MappingRefusal.OurAddress || _context.FindTold(claim) is not { } mapping)
            return;
        foreach (var own in _disputable)
            if (own.Address == claim.Prefix.Address)
                Hear(own, new AddressRival(mapping.Peer, mapping.Source, mapping.Trust, mapping.IsAutomatic), mapping.Addresses);
    }

    /// <summary>A source says that an address is not ours: who has it is found out now.</summary>
    public void AskNow()
    {
        lock (_gate)
            if (_askNow.CurrentCount == 0)
                _askNow.Release();
    }

    /// <summary>Asks from time to time who claims our addresses.</summary>
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (_disputable.Length > 0)
            {
                await WaitAsync(cancellationToken);
                foreach (var own in _disputable)
                    foreach (var (rival, addresses) in await _context.Question.FindRivalsAsync(own, cancellationToken))
                        Hear(own, rival, addresses);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    /// <summary>Asks peers themselves of whom others say that they hold an address of ours, one at a time.</summary>
    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _confirmable.WaitAsync(cancellationToken);
                (TunAddress Own, AddressRival Rival, PeerEndpoint Endpoint) next;
                lock (_gate)
                    next = _waiting.Dequeue();
                await ConfirmAsync(next.Own, next.Rival, next.Endpoint, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    // With a secret key the hello came from a member; without a key anybody may say so.
    private MappingTrust TrustOfHello => _key.IsSecret ? MappingTrust.Member : MappingTrust.Signed;

    private void Hear(TunAddress own, AddressRival rival, IReadOnlyList<string> addresses)
    {
        if (rival.Trust >= MappingTrust.Signed && (IsLive(rival) || Decide(own, rival) != AddressConflictOutcome.Stopped))
        {
            Judge(own, rival);
            return;
        }
        lock (_gate)
        {
            if (_isLost || rival.Trust < _context.Question.LeastTrust || _context.Question.IsRegistered || _waiting.Count >= MaxWaiting)
                return;
            if (!_confirmed.TryAdd(own.Address, rival.Peer, _context.Time.GetUtcNow(), s_confirmationInterval))
                return;
            _waiting.Enqueue((own, rival, new PeerEndpoint(rival.Peer, addresses)));
            _confirmable.Release();
        }
    }

    // The operator's list and the registry say what holds now. Without a network key a peer's own word would count for nothing.
    private bool IsLive(AddressRival rival) => rival.Trust == MappingTrust.Authoritative || _context.Settings.NetworkKey is null;

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(_interval, _context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await _askNow.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The interval is over.
        }
    }

    private async Task ConfirmAsync(TunAddress own, AddressRival rival, PeerEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(s_confirmationLimit, _context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        string reason;
        try
        {
            var answer = await _context.AskPeer(endpoint, either.Token);
            reason = answer.Detail ?? "it does not hold it";
            if (answer.Hello is { } hello && hello.VirtualIps.Contains(own.Address))
            {
                Heard(rival.Peer, hello);
                return;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            reason = $"no answer within {s_confirmationLimit.TotalSeconds:0} s";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A transport of a third party may throw anything.
            Log.Failed(_context.Logger, exception, _context.Settings.Name);
            return;
        }
        Log.NotConfirmed(_context.Logger, _context.Settings.Name, rival.Source, rival.Peer, own.Address, reason);
    }

    private void Judge(TunAddress own, AddressRival rival)
    {
        var isRegistry = rival.Source == AddressQuestion.Registry;
        if (_context.Question.IsRegistered ? !isRegistry : rival.Trust < _context.Question.LeastTrust)
            return;
        AddressConflict conflict;
        lock (_gate)
        {
            if (_isLost)
                return;
            var outcome = isRegistry ? Yield(own) : Decide(own, rival);
            // Told and counted once for each rival.
            if (outcome == AddressConflictOutcome.Kept && !_kept.TryAdd(own.Address, rival.Peer, _context.Time.GetUtcNow(), Timeout.InfiniteTimeSpan))
                return;
            _isLost = outcome != AddressConflictOutcome.Kept;
            conflict = new AddressConflict(own.Address, rival, outcome, _context.Time.GetUtcNow());
            _context.History.Add(conflict);
        }
        if (conflict.Outcome == AddressConflictOutcome.Kept)
        {
            Log.Kept(_context.Logger, _context.Settings.Name, rival.Peer, own.Address, rival.Source);
            return;
        }
        var loss = new AddressLoss(conflict, Describe(conflict));
        Log.Lost(_context.Logger, loss.Message);
        _context.Lost(loss);
    }

    private AddressConflictOutcome Decide(TunAddress own, AddressRival rival)
    {
        // An IPv6 address that is disputed was written out, whatever the peer did with its IPv4 address.
        var mine = new AddressClaim(own.Address, _context.Self, own.Address.IsIPv4 && _context.Settings.IsAutomatic(own.Address));
        var theirs = new AddressClaim(own.Address, rival.Peer, own.Address.IsIPv4 && rival.IsAutomatic);
        return mine.IsBetterThan(theirs, _key) ? AddressConflictOutcome.Kept : Yield(own);
    }

    private AddressConflictOutcome Yield(TunAddress own) =>
        _context.Settings.IsAutomatic(own.Address) ? AddressConflictOutcome.Moved : AddressConflictOutcome.Stopped;

    private string Describe(AddressConflict conflict)
    {
        var who = conflict.Rival.Source switch
        {
            HelloSource => $"{conflict.Rival.Peer} holds it, too, and keeps it by the rule that both follow",
            AddressQuestion.Registry => $"the registry gives it to {conflict.Rival.Peer}",
            _ => $"{conflict.Rival.Peer} holds it, too, as {conflict.Rival.Source} says, and keeps it by the rule that both follow",
        };
        return conflict.Outcome == AddressConflictOutcome.Moved
            ? $"Network {_context.Settings.Name} gives up the virtual IP {conflict.Address} and takes another: {who}."
            : $"Network {_context.Settings.Name} is down, because its virtual IP {conflict.Address} is not its own: {who}. Give this node another virtual_ip, or 'auto', or change that one's, and restart.";
    }
}
