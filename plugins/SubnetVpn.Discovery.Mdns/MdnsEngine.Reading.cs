using SubnetVpn.Discovery.Mdns.Diagnostics;
using SubnetVpn.Discovery.Mdns.Dns;
using SubnetVpn.Discovery.Mdns.Links;
using SubnetVpn.Discovery.Mdns.Peers;

namespace SubnetVpn.Discovery.Mdns;

internal sealed partial class MdnsEngine
{
    private const int MaxInstances = 64;
    private static readonly TimeSpan s_maxTtl = TimeSpan.FromHours(1);

    /// <summary>Takes a message.</summary>
    /// <param name="link">The index of the link that it came over.</param>
    /// <param name="packet">The message.</param>
    /// <param name="sender">Who sent it, as it says.</param>
    /// <param name="now">The time.</param>
    public void Receive(int link, ReadOnlySpan<byte> packet, VirtualIp sender, TimeSpan now)
    {
        if (!_links.TryGetValue(link, out var state))
            return;
        if (!state.Limit.TryTake(sender, now))
        {
            _counters.Refuse(RefusalReason.RateLimited);
            return;
        }
        if (packet.Length > MdnsProtocol.MaxMessageLength || !DnsMessageReader.TryRead(packet, out var message))
        {
            _counters.Refuse(RefusalReason.Malformed);
            return;
        }
        _counters.Read();
        if (message.IsResponse)
            ReadResponse(state, message, now);
        else if (_claims is not null && IsForUs(message))
            state.Schedule.Answer(now + Delay());
    }

    private bool IsForUs(DnsMessage query) =>
        query.Questions.Any(static question => question.Type is DnsType.Ptr or DnsType.Any && question.Name.Equals(MdnsProtocol.Service))
        && !query.Answers.Any(known => known.Ttl >= _options.Ttl.TotalSeconds / 2 && Instance.Equals(known.Target) && known.Name.Equals(MdnsProtocol.Service));

    private void ReadResponse(LinkState state, DnsMessage message, TimeSpan now)
    {
        // The pointer and the texts of each node that the message tells of; either may say goodbye. Some write one record of many
        // texts, others many records of one (js-libp2p).
        var instances = new Dictionary<DnsName, (uint Ttl, List<byte[]> Texts)>();
        foreach (var record in message.Answers.Concat(message.Additionals))
        {
            var instance = record.Target is { } target && record.Name.Equals(MdnsProtocol.Service) ? target : record.Name;
            if (!instance.IsChildOf(MdnsProtocol.Service))
                continue;
            if (!instances.TryGetValue(instance, out var known))
            {
                if (instances.Count >= MaxInstances)
                {
                    _counters.Refuse(RefusalReason.TooManyInstances);
                    continue;
                }
                known = (uint.MaxValue, []);
            }
            known.Texts.AddRange(record.Texts);
            instances[instance] = (Math.Min(known.Ttl, record.Ttl), known.Texts);
        }
        foreach (var (instance, (ttl, texts)) in instances)
        {
            if (ttl == 0)
                ReadGoodbye(state, instance, now);
            else if (texts.Count > 0)
                ReadInstance(state.Link, instance, texts, TimeSpan.FromSeconds(Math.Min(ttl, s_maxTtl.TotalSeconds)), now);
        }
    }

    private void ReadGoodbye(LinkState state, DnsName instance, TimeSpan now)
    {
        // Somebody says that we go; whoever was told so has a second to hear that we do not.
        if (instance.Equals(Instance) && _claims is not null)
            state.Schedule.Answer(now);
        Peers.Leave(state.Link.Index, instance, now);
    }

    private void ReadInstance(LocalLink link, DnsName instance, List<byte[]> texts, TimeSpan ttl, TimeSpan now)
    {
        PeerId? peer = null;
        var addresses = new List<string>();
        foreach (var text in texts.Where(static text => DialAddress.IsAddress(text)))
        {
            if (!DialAddress.TryParse(text, out var address) || (peer is { } named && named != address.Peer))
            {
                _counters.Refuse(RefusalReason.BadAddress);
                continue;
            }
            peer = address.Peer;
            if (address.Peer == _network.LocalPeer)
                return;
            if (address.Ip is not { } ip || addresses.Contains(address.Address))
                continue;
            if (!link.Reaches(ip))
                _counters.Refuse(RefusalReason.OffLink);
            else if (addresses.Count >= _options.MaxAddressesPerPeer)
                _counters.Refuse(RefusalReason.TooManyAddresses);
            else
                addresses.Add(address.Address);
        }
        if (peer is not { } id)
            return;
        Peers.See(new Sighting
        {
            Peer = id,
            Link = link.Index,
            Instance = instance,
            Addresses = addresses,
            Claims = [.. ReadClaims(texts, id)],
            Ttl = ttl,
            Expires = now + ttl,
        });
    }

    private IEnumerable<IpPrefix> ReadClaims(List<byte[]> texts, PeerId peer)
    {
        foreach (var text in texts.Where(static text => NetworkClaim.IsClaim(text)))
        {
            if (!NetworkClaim.TryParse(text, out var claim))
                _counters.Refuse(RefusalReason.BadClaim);
            else if (claim.Network == _network.Name)
                foreach (var prefix in claim.Prefixes.Where(prefix => Peers.Believes(prefix, peer)))
                    yield return prefix;
        }
    }
}
