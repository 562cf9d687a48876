using System.Net;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Kademlia.Lookups;
using SubnetVpn.Libp2p.Kademlia.Routing;
using SubnetVpn.Libp2p.Kademlia.Serving;
using SubnetVpn.Libp2p.Kademlia.Storage;
using SubnetVpn.Libp2p.Kademlia.Validation;
using SubnetVpn.Libp2p.Kademlia.Wire;

namespace SubnetVpn.Libp2p.Kademlia;

/// <summary>
/// A node of the hash table on any network that can send a request to a peer: what it knows, holds, answers and looks up.
/// Does nothing by itself: <see cref="MaintainAsync"/> is to be called now and then. Thread-safe.
/// </summary>
internal sealed partial class KademliaNode
{
    private readonly PeerId _self;
    private readonly KademliaOptions _options;
    private readonly IKademliaNetwork _network;
    private readonly TimeProvider _time;
    private readonly Action<Func<Task>> _run;
    private readonly KademliaServer _server;
    private readonly CancellationToken _stopping;

    /// <param name="self">Who we are.</param>
    /// <param name="options">Not to be changed any more.</param>
    /// <param name="network">How requests reach peers.</param>
    /// <param name="time">The clock of every lifetime.</param>
    /// <param name="run">Runs what nobody waits for: pings and corrections.</param>
    /// <param name="stopping">Ends what runs in the background.</param>
    public KademliaNode(
        PeerId self, KademliaOptions options, IKademliaNetwork network, TimeProvider time, Action<Func<Task>> run, CancellationToken stopping)
    {
        _self = self;
        _options = options;
        _network = network;
        _time = time;
        _run = run;
        _stopping = stopping;
        _bootstrap = [.. options.Bootstrap];
        Table = new RoutingTable(self, options.Limits, options.LivenessGrace, time);
        Records = new RecordStore(self, Validators, options.Limits, options.RecordLifetime, time);
        Providers = new ProviderStore(self, options.Limits, options.RecordLifetime, time);
        _server = new KademliaServer(Table, Records, Providers);
    }

    public RecordValidators Validators { get; } = new();

    public KademliaCounters Counters { get; } = new();

    public RoutingTable Table { get; }

    public RecordStore Records { get; }

    public ProviderStore Providers { get; }

    /// <summary>Whether others find us: then we keep what we publish, and answer for it.</summary>
    public bool IsServer { get; set; }

    /// <summary>Answers a request of a peer.</summary>
    public KademliaAnswer Serve(PeerId from, KademliaMessage request)
    {
        KademliaAnswer answer = _server.Handle(from, request);
        Counters.Refuse(answer.Refusal);
        if (answer.Refusal == KademliaRefusal.None)
        {
            Counters.CountAnswer();
        }

        return answer;
    }

    /// <summary>A peer that serves the protocol was heard of by itself: it answered, or said so.</summary>
    public void PeerSeen(KademliaPeer peer, IPAddress? remote)
    {
        RoutingOutcome outcome = Table.Seen(peer, remote, out KademliaPeer? toCheck);
        if (outcome == RoutingOutcome.PrefixLimit)
        {
            Counters.Refuse(KademliaRefusal.PrefixLimit);
        }

        if (toCheck is not null)
        {
            _run(() => PingAsync(toCheck, _stopping));
        }
    }

    /// <summary>A round trip to a peer; its outcome goes into the table.</summary>
    public async Task<bool> PingAsync(KademliaPeer peer, CancellationToken cancellationToken)
    {
        // FIND_NODE does what PING does, and peers that have dropped PING answer it too.
        var request = new KademliaMessage(KademliaMessageType.FindNode, _self.Bytes.ToArray());
        return (await RequestAsync(peer, request, cancellationToken).ConfigureAwait(false)).Failure == RequestFailure.None;
    }

    private async Task<KademliaReply> RequestAsync(KademliaPeer peer, KademliaMessage request, CancellationToken cancellationToken)
    {
        KademliaReply reply = await _network.RequestAsync(peer, request, cancellationToken).ConfigureAwait(false);
        if (reply.Message is { } message && message.Type != request.Type)
        {
            Counters.Refuse(KademliaRefusal.WrongReply);
            reply = KademliaReply.Failed(RequestFailure.BadReply);
        }

        Counters.Requests.Increment(reply.Failure);
        switch (reply.Failure)
        {
            case RequestFailure.None:
                // Its own word on its addresses goes before that of whoever told us of it.
                PeerSeen(reply.Addresses is { Count: > 0 } addresses ? peer with { Addresses = addresses } : peer, reply.Remote);
                break;
            case RequestFailure.NotServed:
                Table.Remove(peer.Id);
                break;
            case RequestFailure.Cancelled:
            case RequestFailure.Refused:
                // It says nothing about the peer: a refusal is an answer.
                break;
            default:
                Table.Failed(peer.Id);
                break;
        }

        return reply;
    }

    private Task<LookupResult> LookUpAsync(
        KademliaKey target, KademliaMessage request, Func<KademliaPeer, KademliaMessage, bool> isEnough, CancellationToken cancellationToken)
    {
        Counters.CountLookup();
        var state = new LookupState(target, _self, KademliaConstants.K);
        state.Hear(Table.Closest(target, KademliaConstants.K), hops: 0);
        var lookup = new Lookup(state, _options.Alpha, _options.MaxRequestsPerLookup, (peer, token) => RequestAsync(peer, request, token));
        return lookup.RunAsync(isEnough, cancellationToken);
    }
}
