using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Dispatch;
using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Routing;

// What sources told, and what the registry, where there is one, left of it.
internal sealed partial class PeerResolver
{
    private readonly Dictionary<(PeerId Peer, string Source), Admission> _admissions = [];

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
            return Forget((mapping.Peer, mapping.Source));
    }

    /// <summary>Asks the registry anew about all that was told. Returns sessions to be stopped.</summary>
    public async Task<List<PeerSession>> RecheckAsync()
    {
        var gone = new List<PeerSession>();
        Admission[] admissions;
        lock (_gate)
            admissions = [.. _admissions.Values];
        foreach (var before in admissions)
        {
            var after = await _guard.AdmitAsync(before.Told, before, _stopping.Token);
            lock (_gate)
            {
                var key = (before.Told.Peer, before.Told.Source);
                // Told anew or withdrawn meanwhile, or as it was.
                if (!_admissions.TryGetValue(key, out var current) || !ReferenceEquals(current, before) || after.IsAs(before))
                    continue;
                _admissions[key] = after;
                if (Route(after).Gone is { } session)
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
        var key = (mapping.Peer, mapping.Source);
        Admission? before;
        lock (_gate)
            before = _admissions.GetValueOrDefault(key);
        var admission = await _guard.AdmitAsync(mapping, before, _stopping.Token);
        (PeerSession?, PeerSession?) result;
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
                return default;
            if (_guard.IsActive)
                _admissions[key] = admission;
            if (mapping.TimeToLive == Timeout.InfiniteTimeSpan)
                _learned.Remove(key);
            else
                _learned[key] = new LearnedMapping(address, _settings.Time.GetUtcNow() + mapping.TimeToLive);
            result = Route(admission);
        }
        _refusals.Add(before is null ? admission.Refused : [.. admission.Refused.Except(before.Refused)]);
        return result;
    }

    // Under the gate.
    private (PeerSession? Holder, PeerSession? Gone) Route(Admission admission)
    {
        var (told, admitted) = (admission.Told, admission.Admitted);
        // One that only tells where a peer can be dialled claims nothing.
        return admitted.Prefixes.Count > 0 || told.Prefixes.Count == 0
            ? (_routes.Add(admitted), null)
            : (null, _routes.Remove(admitted.Peer, admitted.Source));
    }

    // Under the gate.
    private PeerSession? Forget((PeerId Peer, string Source) key)
    {
        _learned.Remove(key);
        _admissions.Remove(key);
        return _routes.Remove(key.Peer, key.Source);
    }
}
