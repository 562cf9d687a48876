using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Dispatch;
using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Routing;

// What sources told, and what the registry, where there is one, left of it.
internal sealed partial class PeerResolver
{
    // Of one peer by one source: a peer has an address of each family, and whoever claims more is not remembered without end.
    private const int MaxAnswersOfPeer = 16;

    private readonly Dictionary<AnswerKey, Admission> _admissions = [];

    // Sessions that ended with an answer, until somebody stops them.
    private readonly List<PeerSession> _departed = [];

    /// <summary>A source told of a peer by itself. Packets that waited for an address of it go on.</summary>
    /// <returns>The peer when it holds anything, and a session to be stopped.</returns>
    public async Task<(PeerSession? Holder, PeerSession? Gone)> TellAsync(PeerMapping mapping)
    {
        var result = await LearnAsync(null, mapping);
        ReleaseAnswered();
        return result;
    }

    /// <summary>A source says that what it told holds no longer. Returns a session to be stopped.</summary>
    public PeerSession? Withdraw(PeerMapping mapping)
    {
        lock (_gate)
        {
            ForgetAnswers(mapping.Peer, mapping.Source);
            return Forget(new AnswerKey(mapping.Peer, mapping.Source, null));
        }
    }

    /// <summary>Asks the registry anew about all that was told. Returns sessions to be stopped.</summary>
    public async Task<List<PeerSession>> RecheckAsync()
    {
        var gone = new List<PeerSession>();
        KeyValuePair<AnswerKey, Admission>[] admissions;
        lock (_gate)
            admissions = [.. _admissions];
        foreach (var (key, before) in admissions)
        {
            var after = await _guard.AdmitAsync(before.Told, before, _stopping.Token);
            lock (_gate)
            {
                // Told anew or withdrawn meanwhile, or as it was.
                if (!_admissions.TryGetValue(key, out var current) || !ReferenceEquals(current, before) || after.IsAs(before))
                    continue;
                _admissions[key] = after;
                if (Route(key, after).Gone is { } session)
                    gone.Add(session);
            }
            _refusals.Add([.. after.Refused.Except(before.Refused)]);
        }
        ReleaseAnswered();
        return gone;
    }

    /// <summary>Claims to an address that the registry refuses.</summary>
    public IReadOnlyList<RefusedClaim> FindRefused(VirtualIp address)
    {
        lock (_gate)
            return [.. _admissions.Values.SelectMany(static admission => admission.Refused).Where(claim => claim.Prefix.Contains(address))];
    }

    private async Task LearnAnswerAsync(VirtualIp address, PeerMapping mapping)
    {
        if ((await LearnAsync(address, mapping)).Gone is not { } session)
            return;
        lock (_gate)
            _departed.Add(session);
    }

    // Address: what was asked for; null when nobody asked.
    private async Task<(PeerSession? Holder, PeerSession? Gone)> LearnAsync(VirtualIp? address, PeerMapping mapping)
    {
        AnswerKey key;
        Admission? before;
        lock (_gate)
        {
            key = FindKey(address, mapping);
            before = _admissions.GetValueOrDefault(key);
        }
        var admission = await _guard.AdmitAsync(mapping, before, _stopping.Token);
        (PeerSession?, PeerSession?) result;
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
                return default;
            if (key.Asked is not null)
                MakeRoom(key);
            if (_guard.IsActive)
                _admissions[key] = admission;
            if (mapping.TimeToLive == Timeout.InfiniteTimeSpan)
                _learned.Remove(key);
            else
                _learned[key] = new LearnedMapping(address, _settings.Time.GetUtcNow() + mapping.TimeToLive);
            result = Route(key, admission);
            // Afterwards: the peer must not seem gone in between.
            if (key.Asked is null)
                ForgetAnswers(key.Peer, key.Source);
        }
        _refusals.Add(before is null ? admission.Refused : [.. admission.Refused.Except(before.Refused)]);
        return result;
    }

    // Under the gate.
    private (PeerSession? Holder, PeerSession? Gone) Route(AnswerKey key, Admission admission)
    {
        var (told, admitted) = (admission.Told, admission.Admitted);
        // One that only tells where a peer can be dialled claims nothing.
        return admitted.Prefixes.Count > 0 || told.Prefixes.Count == 0
            ? (_routes.Add(admitted, key.Asked), null)
            : (null, _routes.Remove(key.Peer, key.Source, key.Asked));
    }

    // Under the gate. An answer that ends may tell of the address that was asked for alone: then it does not replace those to other
    // questions. A source that tells of peers unasked, or whose word does not end, tells all it knows.
    private AnswerKey FindKey(VirtualIp? address, PeerMapping mapping)
    {
        var whole = new AnswerKey(mapping.Peer, mapping.Source, null);
        return address is null || mapping.TimeToLive == Timeout.InfiniteTimeSpan || _learned.ContainsKey(whole) ? whole : whole with { Asked = address };
    }

    // Under the gate.
    private void MakeRoom(AnswerKey key)
    {
        if (_learned.ContainsKey(key))
            return;
        var others = _learned.Where(learned => learned.Key.Peer == key.Peer && learned.Key.Source == key.Source).ToList();
        if (others.Count >= MaxAnswersOfPeer)
            Depart(Forget(others.MinBy(static learned => learned.Value.Expiry).Key));
    }

    // Under the gate: what a source said of single addresses, before it told of the whole peer.
    private void ForgetAnswers(PeerId peer, string source)
    {
        foreach (var key in _learned.Keys.Where(key => key.Peer == peer && key.Source == source && key.Asked is not null).ToList())
            Depart(Forget(key));
    }

    // Under the gate.
    private void Depart(PeerSession? session)
    {
        if (session is not null)
            _departed.Add(session);
    }

    // Under the gate.
    private PeerSession? Forget(AnswerKey key)
    {
        _learned.Remove(key);
        _admissions.Remove(key);
        return _routes.Remove(key.Peer, key.Source, key.Asked);
    }
}
