using System.Net;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Identify;
using SubnetVpn.Libp2p.Kademlia.Lookups;
using SubnetVpn.Libp2p.Kademlia.Wire;

namespace SubnetVpn.Libp2p.Kademlia.Hosting;

/// <summary>Requests over streams of a libp2p host, one stream each.</summary>
internal sealed class Libp2pKademliaNetwork(Libp2pHost host, KademliaOptions options, Action<KademliaRefusal> refused, TimeProvider time) : IKademliaNetwork
{
    public IReadOnlyList<Multiaddr> OwnAddresses => host.AnnouncedAddresses;

    public async Task<KademliaReply> RequestAsync(KademliaPeer peer, KademliaMessage request, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.RequestTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        OpenStreamResult opened = await host.OpenStreamAsync(peer.Id, peer.Addresses, [options.Protocol], lane: 0, both.Token).ConfigureAwait(false);
        if (opened.Stream is not { } stream)
        {
            return KademliaReply.Failed(
                cancellationToken.IsCancellationRequested || opened.Failure == DialFailure.HostStopped ? RequestFailure.Cancelled
                : opened.Failure == DialFailure.ProtocolNotSupported ? RequestFailure.NotServed
                : timer.IsCancellationRequested ? RequestFailure.TimedOut
                : RequestFailure.Unreachable);
        }

        using (stream)
        {
            KademliaReply reply = await ExchangeAsync(stream, request, both.Token).ConfigureAwait(false);
            return reply.Failure == RequestFailure.None ? reply
                : cancellationToken.IsCancellationRequested ? KademliaReply.Failed(RequestFailure.Cancelled)
                : timer.IsCancellationRequested ? KademliaReply.Failed(RequestFailure.TimedOut)
                : reply;
        }
    }

    private async Task<KademliaReply> ExchangeAsync(Libp2pStream stream, KademliaMessage request, CancellationToken cancellationToken)
    {
        if (await stream.WriteAsync(KademliaCodec.Encode(request), cancellationToken).ConfigureAwait(false) != StreamEnd.None
            || await stream.CloseWriteAsync(cancellationToken).ConfigureAwait(false) != StreamEnd.None)
        {
            return KademliaReply.Failed(RequestFailure.Refused);
        }

        using var reader = new KademliaReader(stream, KademliaConstants.MaxReplyBytes);
        (KademliaReader.Outcome outcome, KademliaMessage? reply, KademliaRefusal refusal) = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        switch (outcome)
        {
            case KademliaReader.Outcome.Message:
                return Answered(stream, reply);

            // ADD_PROVIDER has no reply: the peer ends the stream when it has read it. js-libp2p resets it then, as others do to
            // refuse; so who was told is all that can be known.
            case KademliaReader.Outcome.EndOfStream when request.Type == KademliaMessageType.AddProvider:
            case KademliaReader.Outcome.Lost when request.Type == KademliaMessageType.AddProvider && stream.End == StreamEnd.ResetByPeer:
                return Answered(stream, null);
            case KademliaReader.Outcome.Refused when refusal != KademliaRefusal.TimedOut:
                refused(refusal);
                return KademliaReply.Failed(RequestFailure.BadReply);
            default:
                return KademliaReply.Failed(RequestFailure.Refused);
        }
    }

    private KademliaReply Answered(Libp2pStream stream, KademliaMessage? reply)
    {
        IReadOnlyList<Multiaddr>? addresses = host.TryGetPeerInfo(stream.Connection.RemotePeer, out PeerInfo? info) ? info.ListenAddresses : null;
        IPAddress? remote = stream.Connection.RemoteAddress.TryGetTcpEndPoint(out EndPoint? endPoint) ? (endPoint as IPEndPoint)?.Address : null;
        return new KademliaReply(reply, RequestFailure.None, remote, addresses);
    }
}
