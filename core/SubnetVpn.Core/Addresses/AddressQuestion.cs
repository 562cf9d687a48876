using SubnetVpn.Core.Configuration;
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

    // How long discovery may take to say who holds an automatic address, before the network starts with it all the same.
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(5);

    /// <summary>Whether the registry alone says who holds an address.</summary>
    public bool IsRegistered => guard.IsActive;

    /// <summary>The least trust that a claim needs to count. Without a network key only the operator's list, or a member, says who is in the network.</summary>
    public MappingTrust LeastTrust => settings.NetworkKey is null ? MappingTrust.Member : MappingTrust.Hearsay;

    /// <summary>Asks before the network starts.</summary>
    /// <param name="own">The address.</param>
    /// <param name="cancellationToken">Abandons it with <see cref="OperationCanceledException"/>.</param>
    /// <returns>Who holds it, or routes it away, by the most trusted claim; null when nobody does, or nobody can say in time.</returns>
    public async Task<AddressRival?> FindHolderAsync(TunAddress own, CancellationToken cancellationToken) =>
        (await AskAsync(own, isStart: true, s_startLimit, cancellationToken)).Select(static answer => answer.Rival).MaxBy(static rival => rival.Trust);

    /// <summary>Asks while the network runs.</summary>
    /// <param name="own">The address.</param>
    /// <param name="cancellationToken">Abandons it with <see cref="OperationCanceledException"/>.</param>
    /// <returns>Those who claim it, and where to dial them.</returns>
    public Task<IReadOnlyList<(AddressRival Rival, IReadOnlyList<string> Addresses)>> FindRivalsAsync(TunAddress own, CancellationToken cancellationToken) =>
        AskAsync(own, isStart: false, SourceQuestions.Limit, cancellationToken);

    private async Task<IReadOnlyList<(AddressRival Rival, IReadOnlyList<string> Addresses)>> AskAsync(TunAddress own, bool isStart, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (await guard.AskAsync(own.Address, cancellationToken) is { } registration)
            return registration.Mapping is { } held && held.Peer != self ? [(new AddressRival(held.Peer, Registry, MappingTrust.Authoritative, false), [])] : [];
        var answers = await Task.WhenAll(Enumerable.Range(0, sources.Count).Select(index => sources.AskAsync(index, own.Address, limit, cancellationToken)));
        return
        [
            .. from answer in answers
               let mapping = answer.Mapping
               where mapping is not null && mapping.Peer != self && mapping.Trust >= LeastTrust && IsClaimed(mapping, own, isStart)
               select (new AddressRival(mapping.Peer, mapping.Source, mapping.Trust, mapping.IsAutomatic), mapping.Addresses),
        ];
    }

    // A wider route is no rival of an address, but packets would go there: not a place to move to.
    private static bool IsClaimed(PeerMapping mapping, TunAddress own, bool isStart) =>
        (mapping.TimeToLive > TimeSpan.Zero || mapping.TimeToLive == Timeout.InfiniteTimeSpan)
        && mapping.Prefixes.Any(prefix => prefix.Contains(own.Address)
            && (prefix.IsSingleAddress || (isStart && mapping.Trust >= MappingTrust.Member && prefix.Length > own.PrefixLength)));
}
