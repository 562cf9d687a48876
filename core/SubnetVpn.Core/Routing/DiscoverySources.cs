using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Metrics;
using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Routing;

/// <summary>
/// Asks discovery sources, in the order in which the configuration lists them, and combines what they answer.
/// </summary>
/// <remarks>
/// <para>The first trusted answer is used: <see cref="MappingTrust.Signed"/> or above, and not refused by what is known already.
/// <see cref="MappingTrust.Hearsay"/> does not end the search; the first of it is used when no source says more.</para>
/// <para>Where the network has a registry, an answer that names another peer than it is refused, no source is asked for an address
/// that it does not know, and when no source knows the peer, the registry's own answer is used for a while.</para>
/// <para>Each source has a time limit of its own. One that fails, throws or does not end keeps none of the others from being asked.</para>
/// </remarks>
internal sealed class DiscoverySources(SourceQuestions sources, RegistryGuard guard, RouteTable routes, RefusalCounter refusals)
{
    // The registry tells who holds an address, not always where to dial him: the sources are asked again soon.
    private static readonly TimeSpan s_registrationLifetime = TimeSpan.FromSeconds(60);

    /// <summary>Asks one source after the other, until one gives a trusted answer.</summary>
    /// <param name="address">The address.</param>
    /// <param name="cancellationToken">Abandons it with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The answer to use; null when there is none.</returns>
    public async Task<PeerMapping?> FindAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        using var span = VpnTracing.StartLookup(address);
        var answers = new List<SourceAnswer>();
        var registration = await guard.AskAsync(address, cancellationToken);
        for (var i = 0; i < sources.Count && registration is null or { Mapping: not null } && Pick(answers) is not { Mapping.Trust: >= MappingTrust.Signed }; i++)
            answers.Add(await AskAsync(i, address, registration, cancellationToken));
        var picked = Pick(answers)?.Mapping ?? PickRegistered(registration, address);
        span?.SetTag("subnetvpn.peer", picked?.Peer.ToString()).SetTag("subnetvpn.source", picked?.Source);
        if (registration is not null)
            answers.Add(registration);
        var failure = answers.Find(static answer => answer.Outcome is not (SourceOutcome.Found or SourceOutcome.NotFound));
        if (picked is not null)
            VpnTracing.Finish(span, "ok");
        else if (failure is not null)
            VpnTracing.Finish(span, failure.Outcome == SourceOutcome.TimedOut ? "timed_out" : "failed", failure.Detail);
        else
            VpnTracing.Finish(span, "not_found");
        return picked;
    }

    /// <summary>Asks all sources at once.</summary>
    /// <returns>What each says, in their order; at most one is picked: the one that <see cref="FindAsync"/> would return.</returns>
    public async Task<LookupResult> AskAllAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        var registration = await guard.AskAsync(address, cancellationToken);
        var answers = await Task.WhenAll(Enumerable.Range(0, sources.Count).Select(index => AskAsync(index, address, registration, cancellationToken)));
        var picked = Pick(answers);
        return new LookupResult(
            [.. answers.Select(answer => ReferenceEquals(answer, picked) ? answer with { IsPicked = true } : answer)],
            registration,
            picked?.Mapping ?? PickRegistered(registration, address));
    }

    private PeerMapping? PickRegistered(SourceAnswer? registration, VirtualIp address)
    {
        if (registration?.Mapping is not { } mapping || routes.Judge(mapping, address) is not null)
            return null;
        var lifetime = mapping.TimeToLive == Timeout.InfiniteTimeSpan || mapping.TimeToLive > s_registrationLifetime ? s_registrationLifetime : mapping.TimeToLive;
        return lifetime > TimeSpan.Zero ? mapping with { TimeToLive = lifetime } : null;
    }

    private static SourceAnswer? Pick(IEnumerable<SourceAnswer> answers)
    {
        SourceAnswer? hearsay = null;
        foreach (var answer in answers)
        {
            if (answer is not { Mapping: { } mapping, Refusal: null })
                continue;
            if (mapping.Trust >= MappingTrust.Signed)
                return answer;
            hearsay ??= answer;
        }
        return hearsay;
    }

    private async Task<SourceAnswer> AskAsync(int index, VirtualIp address, SourceAnswer? registration, CancellationToken cancellationToken) =>
        Judge(await sources.AskAsync(index, address, SourceQuestions.Limit, cancellationToken), address, registration);

    private SourceAnswer Judge(SourceAnswer answer, VirtualIp address, SourceAnswer? registration)
    {
        if (answer.Mapping is not { } mapping)
            return answer;
        var single = new IpPrefix(address, address.BitLength);
        var (reason, holder) = mapping.TimeToLive <= TimeSpan.Zero && mapping.TimeToLive != Timeout.InfiniteTimeSpan
            ? (MappingRefusal.Expired, null)
            : RegistryGuard.Judge(registration, mapping.Peer, single);
        var claim = reason is { } refusal
            ? new RefusedClaim(single, mapping.Peer, mapping.Source, mapping.Trust, refusal, holder)
            : routes.Judge(mapping, address);
        if (claim is null)
            return answer;
        refusals.Add(claim);
        return answer with { Refusal = claim.Reason, Holder = claim.Holder };
    }
}
