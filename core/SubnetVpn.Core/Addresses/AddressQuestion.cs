using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Routing;
using SubnetVpn.Discovery;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Addresses;

/// <summary>Asks the registry, and where there is none the discovery sources, who else claims an address of this node. Thread-safe.</summary>
/// <param name="sources">The sources; all are asked at once.</param>
/// <param name="guard">The registry.</param>
/// <param name="settings">The network.</param>
/// <param name="self">This node.</param>
internal sealed class AddressQuestion(SourceQuestions sources, RegistryGuard guard, NetworkSettings settings, PeerId self)
{
    /// <summary>The source of what the registry says.</summary>
    public const string Registry = "registry";

    /// <summary>The least trust that a claim needs to count. Without a network key only the operator's list, or the registry, says who is in the network.</summary>
    public MappingTrust LeastTrust => settings.NetworkKey is null ? MappingTrust.Member : MappingTrust.Hearsay;

    /// <summary>Asks.</summary>
    /// <param name="own">The address.</param>
    /// <param name="limit">How long a source may take.</param>
    /// <param name="cancellationToken">Abandons it with <see cref="OperationCanceledException"/>.</param>
    /// <returns>Those who claim it, the most trusted claim first; none when a registry gives it to us, or does not say.</returns>
    public async Task<IReadOnlyList<AddressRival>> AskAsync(TunAddress own, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (await guard.AskAsync(own.Address, cancellationToken) is { } registration)
            return registration.Mapping is { } held && held.Peer != self ? [new AddressRival(held.Peer, Registry, MappingTrust.Authoritative, false)] : [];
        var answers = await Task.WhenAll(Enumerable.Range(0, sources.Count).Select(index => sources.AskAsync(index, own.Address, limit, cancellationToken)));
        return [.. answers.Where(answer => IsRival(answer, own)).Select(static answer => Read(answer.Mapping!)).OrderByDescending(static rival => rival.Trust)];
    }

    // A route that is wider than the network's subnet, or as wide, is no rival of an address in it.
    private bool IsRival(SourceAnswer answer, TunAddress own) =>
        answer.Mapping is { } mapping && mapping.Peer != self && mapping.Trust >= LeastTrust
        && (mapping.TimeToLive > TimeSpan.Zero || mapping.TimeToLive == Timeout.InfiniteTimeSpan)
        && mapping.Prefixes.Any(prefix => prefix.Contains(own.Address) && (prefix.IsSingleAddress || (mapping.Trust >= MappingTrust.Member && prefix.Length > own.PrefixLength)));

    private static AddressRival Read(PeerMapping mapping) => new(mapping.Peer, mapping.Source, mapping.Trust, mapping.IsAutomatic);
}
