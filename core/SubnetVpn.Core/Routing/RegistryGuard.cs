using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Routing;

/// <summary>Asks the registry of a network who may hold what. Its word is final: without it, nothing is routed. Thread-safe.</summary>
/// <param name="registry">The registry; null where the network has none, and everything is let through.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where its failures are told.</param>
internal sealed partial class RegistryGuard(IAddressRegistry? registry, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    /// <summary>Whether there is a registry.</summary>
    public bool IsActive => registry is not null;

    /// <summary>Asks who may hold an address.</summary>
    /// <returns>The answer, also when it failed; null where the network has no registry.</returns>
    public async Task<SourceAnswer?> AskAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        if (registry is null)
            return null;
        var start = time.GetTimestamp();
        var (outcome, mapping, detail) = await TryAskAsync(registry, address, cancellationToken);
        return new SourceAnswer { Index = -1, Outcome = outcome, Mapping = mapping, Detail = detail, Took = time.GetElapsedTime(start) };
    }

    /// <summary>Why a peer may not hold a prefix, by what the registry says of the first address in it; nothing when it may.</summary>
    public static (MappingRefusal? Reason, PeerId? Holder) Judge(SourceAnswer? registration, PeerId peer, IpPrefix prefix)
    {
        if (registration is null)
            return default;
        if (registration.Mapping is not { } held)
            return (registration.Outcome == SourceOutcome.NotFound ? MappingRefusal.NotRegistered : MappingRefusal.RegistryUnavailable, null);
        if (held.Peer != peer)
            return (MappingRefusal.RegisteredToAnother, held.Peer);
        return held.Prefixes.Any(registered => registered.Contains(prefix)) ? default : (MappingRefusal.NotRegistered, null);
    }

    /// <summary>Takes out of a mapping what its peer may not hold.</summary>
    /// <param name="mapping">The mapping, as its source told it.</param>
    /// <param name="before">What of it was let through the last time: it stays while the registry does not answer.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public async Task<Admission> AdmitAsync(PeerMapping mapping, Admission? before, CancellationToken cancellationToken)
    {
        if (registry is null)
            return new Admission(mapping, mapping, []);
        var admitted = new List<IpPrefix>();
        var refused = new List<RefusedClaim>();
        foreach (var prefix in mapping.Prefixes)
        {
            var (reason, holder) = Judge(await AskAsync(prefix.Address, cancellationToken), mapping.Peer, prefix);
            if (reason is null || (reason == MappingRefusal.RegistryUnavailable && before is not null && before.Admitted.Prefixes.Contains(prefix)))
                admitted.Add(prefix);
            else
                refused.Add(new RefusedClaim(prefix, mapping.Peer, mapping.Source, mapping.Trust, reason.Value, holder));
        }
        return new Admission(mapping, mapping with { Prefixes = admitted }, refused);
    }

    /// <summary>Makes sure that our addresses are ours.</summary>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Discovery"/>: one is not; the message says whose it is.</exception>
    public async Task CheckOwnAsync(IEnumerable<VirtualIp> addresses, PeerId self, string network, CancellationToken cancellationToken)
    {
        var mistakes = new List<string>();
        foreach (var address in addresses)
        {
            var registration = await AskAsync(address, cancellationToken);
            var (reason, holder) = Judge(registration, self, new IpPrefix(address, address.BitLength));
            if (reason is not null)
                mistakes.Add(Describe(address, self, reason.Value, holder, registration?.Detail));
        }
        if (mistakes.Count > 0)
            throw new VpnException(VpnErrorReason.Discovery, $"network {network} cannot start: {string.Join(" ", mistakes)}");
    }

    private static string Describe(VirtualIp address, PeerId self, MappingRefusal reason, PeerId? holder, string? detail) => reason switch
    {
        MappingRefusal.RegisteredToAnother => $"the registry gives the virtual IP {address} to {holder}, not to this node ({self}). Take another address, or have the registry changed.",
        MappingRefusal.NotRegistered => $"the registry does not know the virtual IP {address}{(detail is null ? "" : $" ({detail.TrimEnd('.')})")}. Have it registered for this node ({self}).",
        _ => $"the registry could not be asked who holds the virtual IP {address}: {detail?.TrimEnd('.') ?? "it does not say why"}.",
    };

    private async Task<(SourceOutcome Outcome, PeerMapping? Mapping, string? Detail)> TryAskAsync(IAddressRegistry asked, VirtualIp address, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var lookup = await Task.Run(async () => await asked.FindHolderAsync(address, both.Token), both.Token).WaitAsync(both.Token);
            if (lookup.Mapping is { } mapping)
                return mapping.Prefixes.Any(prefix => prefix.Contains(address))
                    ? (SourceOutcome.Found, mapping, null)
                    : (SourceOutcome.Failed, null, $"its answer is of other addresses: {string.Join(", ", mapping.Prefixes)}");
            if (lookup.Outcome == PeerLookupOutcome.NotFound)
                return (SourceOutcome.NotFound, null, lookup.Detail);
            Log.Failed(logger, address, lookup.Detail);
            return (SourceOutcome.Failed, null, lookup.Detail);
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var detail = $"no answer within {s_limit.TotalSeconds:0} s";
            Log.Failed(logger, address, detail);
            return (SourceOutcome.TimedOut, null, detail);
        }
        catch (Exception exception)
        {
            // A registry of a third party may throw anything.
            Log.Threw(logger, exception, address);
            return (SourceOutcome.Threw, null, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 220, Level = LogLevel.Warning, Message = "The registry could not be asked who holds {VirtualIp}: {Reason}")]
        public static partial void Failed(ILogger logger, VirtualIp virtualIp, string? reason);

        [LoggerMessage(EventId = 221, Level = LogLevel.Error, Message = "The registry threw when it was asked who holds {VirtualIp}")]
        public static partial void Threw(ILogger logger, Exception exception, VirtualIp virtualIp);
    }
}
