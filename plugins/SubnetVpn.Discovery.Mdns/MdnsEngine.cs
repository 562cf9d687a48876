using SubnetVpn.Discovery.Mdns.Diagnostics;
using SubnetVpn.Discovery.Mdns.Dns;
using SubnetVpn.Discovery.Mdns.Links;
using SubnetVpn.Discovery.Mdns.Peers;

namespace SubnetVpn.Discovery.Mdns;

/// <summary>
/// The protocol without sockets and clocks: messages and the time come in, messages and peers come out. Not thread-safe.
/// </summary>
/// <remarks>
/// <code>
/// _p2p._udp.local                 PTR  NAME._p2p._udp.local              NAME: 32 random characters, of each start
/// NAME._p2p._udp.local            TXT  dnsaddr=/ip4/…/tcp/…/p2p/PEER     one for each address on the link
///                                      subnetvpn=NETWORK;10.0.0.2,…      what the peer holds in the network
/// </code>
/// The first question and the first announcement of a link go out at once, so that a node that starts is found by those that
/// run, and finds them.
/// </remarks>
internal sealed partial class MdnsEngine
{
    private const string NameAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int NameLength = 32;

    private readonly NetworkContext _network;
    private readonly MdnsOptions _options;
    private readonly MdnsCounters _counters;
    private readonly Random _random;
    private readonly Dictionary<int, LinkState> _links = [];
    private IReadOnlyList<IpPrefix>? _claims;

    public MdnsEngine(NetworkContext network, MdnsOptions options, MdnsCounters counters, PeerTable peers, Random random)
    {
        (_network, _options, _counters, Peers, _random) = (network, options, counters, peers, random);
        Instance = MdnsProtocol.Service.Prepend(new string(random.GetItems<char>(NameAlphabet, NameLength)));
    }

    public PeerTable Peers { get; }

    /// <summary>The name under which we speak.</summary>
    public DnsName Instance { get; }

    public int LinkCount => _links.Count;

    /// <summary>The interfaces are these now. On new ones and on those that changed, we ask and tell at once.</summary>
    public void SetLinks(IReadOnlyList<LocalLink> links, TimeSpan now)
    {
        foreach (var gone in _links.Keys.Except(links.Select(static link => link.Index)).ToArray())
        {
            _links.Remove(gone);
            Peers.RemoveLink(gone);
        }
        foreach (var link in links)
        {
            if (!_links.TryGetValue(link.Index, out var state))
                _links.Add(link.Index, state = new LinkState(link));
            else if (state.Link.IsSame(link))
                continue;
            state.Link = link;
            state.Schedule.StartAsking(now + Delay());
            if (_claims is not null)
                state.Schedule.StartTelling(now);
        }
    }

    /// <summary>What we hold in the network; told to everybody at once.</summary>
    public void Announce(IReadOnlyList<IpPrefix> claims, TimeSpan now)
    {
        _claims = claims;
        foreach (var state in _links.Values)
            state.Schedule.StartTelling(now);
    }

    /// <summary>Asks on every link as soon as may be.</summary>
    public void Ask(TimeSpan now)
    {
        foreach (var state in _links.Values)
            state.Schedule.Ask(now);
    }

    /// <summary>Does what is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="output">Gets what is to be sent.</param>
    /// <returns>When to come again; null when there is nothing to do.</returns>
    public TimeSpan? Advance(TimeSpan now, List<OutgoingPacket> output)
    {
        Peers.Expire(now);
        var next = Peers.NextExpiry ?? TimeSpan.MaxValue;
        foreach (var state in _links.Values)
        {
            if (state.Schedule.NextQuery <= now)
            {
                output.Add(new OutgoingPacket(state.Link.Index, MakeQuery(state.Link, now), PacketKind.Query));
                state.Schedule.Asked(now, _options.QueryInterval);
            }
            if (state.Schedule.NextResponse <= now && _claims is not null)
            {
                output.Add(new OutgoingPacket(state.Link.Index, MakeResponse(state.Link, _options.Ttl), PacketKind.Response));
                state.Schedule.Told(now);
            }
            next = next < state.Schedule.Next ? next : state.Schedule.Next;
        }
        return next == TimeSpan.MaxValue ? null : next;
    }

    /// <summary>Takes back what we told. Afterwards we say nothing more.</summary>
    public void Leave(List<OutgoingPacket> output)
    {
        foreach (var state in _links.Values)
        {
            state.Schedule.StopTelling();
            if (_claims is not null && state.Schedule.HasTold)
                output.Add(new OutgoingPacket(state.Link.Index, MakeResponse(state.Link, TimeSpan.Zero), PacketKind.Goodbye));
        }
        _claims = null;
    }

    private TimeSpan Delay() => MdnsProtocol.MinAnswerDelay + ((MdnsProtocol.MaxAnswerDelay - MdnsProtocol.MinAnswerDelay) * _random.NextDouble());

    /// <summary>A link and its state.</summary>
    private sealed class LinkState(LocalLink link)
    {
        public LocalLink Link { get; set; } = link;

        public LinkSchedule Schedule { get; } = new();

        public RateLimit Limit { get; } = new();
    }
}
