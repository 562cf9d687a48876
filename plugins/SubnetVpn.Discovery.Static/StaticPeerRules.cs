namespace SubnetVpn.Discovery.Static;

/// <summary>What must hold for the configured peers. Finds every mistake, not only the first.</summary>
internal static class StaticPeerRules
{
    /// <summary>The mistakes within one peer: the property, and a sentence for the operator.</summary>
    public static IEnumerable<(string Member, string Message)> Check(StaticPeerOptions peer)
    {
        if (string.IsNullOrWhiteSpace(peer.Id))
            yield return (nameof(peer.Id), "A peer needs an id, such as 12D3KooW…: its node prints it with `subnetvpn status`.");
        else if (!PeerId.TryParse(peer.Id, out _))
            yield return (nameof(peer.Id), $"'{peer.Id}' is not a peer id: expected base58 text such as 12D3KooW… or Qm….");

        foreach (var address in peer.Addresses)
            if (PeerAddress.FindMistake(address, peer.Id) is { } mistake)
                yield return (nameof(peer.Addresses), mistake);
        foreach (var text in peer.VirtualIps)
            if (!VirtualIp.TryParse(text, out _))
                yield return (nameof(peer.VirtualIps), $"'{text}' is not an IP address such as 10.0.0.2 or fd00::2.");
        foreach (var text in peer.Routes)
            if (!IpPrefix.TryParse(text, out _))
                yield return (nameof(peer.Routes), $"'{text}' is not an IP prefix such as 192.168.7.0/24.");
        if (peer.VirtualIps.Count == 0 && peer.Routes.Count == 0)
            yield return (nameof(peer.VirtualIps), $"The peer '{peer.Id}' has neither virtual_ips nor routes, so that nothing would ever be sent to it.");
    }

    /// <summary>The mistakes between peers: an id twice, an address or a route of two peers.</summary>
    public static IEnumerable<string> CheckTogether(IEnumerable<StaticPeerOptions> peers)
    {
        var ids = new HashSet<PeerId>();
        var holders = new Dictionary<IpPrefix, string>();
        foreach (var peer in peers)
        {
            if (PeerId.TryParse(peer.Id, out var id) && !ids.Add(id))
                yield return $"The peer {id} is listed twice; write all it has into one entry.";
            foreach (var prefix in ReadPrefixes(peer))
            {
                if (holders.TryAdd(prefix, peer.Id) || holders[prefix] == peer.Id)
                    continue;
                var what = prefix.IsSingleAddress ? $"The virtual IP {prefix.Address}" : $"The route {prefix}";
                yield return $"{what} is given to two peers, {holders[prefix]} and {peer.Id}; only one can hold it.";
            }
        }
    }

    /// <summary>The prefixes of a peer, those that cannot be read left out.</summary>
    public static IEnumerable<IpPrefix> ReadPrefixes(StaticPeerOptions peer)
    {
        foreach (var text in peer.VirtualIps)
            if (VirtualIp.TryParse(text, out var address))
                yield return new IpPrefix(address, address.BitLength);
        foreach (var text in peer.Routes)
            if (IpPrefix.TryParse(text, out var prefix))
                yield return prefix;
    }
}
