using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Kademlia.Wire;

namespace SubnetVpn.Libp2p.Kademlia.Serving;

/// <summary>Serves the streams that peers open: requests one after the other, each answered before the next is read.</summary>
internal sealed class KademliaStreamHandler(KademliaNode node, KademliaOptions options, TimeProvider time)
{
    private readonly RequestGate _gate = new(options.Limits, time);

    public async Task ServeAsync(Libp2pStream stream, CancellationToken cancellationToken)
    {
        PeerId peer = stream.Connection.RemotePeer;
        if (!_gate.TryEnter(peer))
        {
            node.Counters.Refuse(KademliaRefusal.TooManyStreams);
            return;
        }

        try
        {
            using var reader = new KademliaReader(stream, KademliaConstants.MaxRequestBytes);
            while (await ServeNextAsync(stream, reader, peer, cancellationToken).ConfigureAwait(false))
            {
            }
        }
        finally
        {
            _gate.Leave(peer);
        }
    }

    /// <summary>False when the stream is done. Unless the peer ended it in order, it is reset then.</summary>
    private async ValueTask<bool> ServeNextAsync(Libp2pStream stream, KademliaReader reader, PeerId peer, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.StreamIdleTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        (KademliaReader.Outcome outcome, KademliaMessage? request, KademliaRefusal refusal) = await reader.ReadAsync(both.Token).ConfigureAwait(false);
        switch (outcome)
        {
            case KademliaReader.Outcome.EndOfStream:
                await stream.CloseWriteAsync(both.Token).ConfigureAwait(false);
                return false;
            case KademliaReader.Outcome.Lost:
                return false;
            case KademliaReader.Outcome.Refused:
                // An idle stream that is closed is no fault of the peer; one that stops inside a message is.
                node.Counters.Refuse(refusal == KademliaRefusal.TimedOut && !reader.IsInsideMessage ? KademliaRefusal.None : refusal);
                return false;
        }

        if (!_gate.TryRequest(peer))
        {
            node.Counters.Refuse(KademliaRefusal.TooManyRequests);
            return false;
        }

        KademliaAnswer answer = node.Serve(peer, request!);
        if (answer.Refusal != KademliaRefusal.None)
        {
            return false;
        }

        return answer.Reply is null
            || await stream.WriteAsync(KademliaCodec.Encode(answer.Reply), both.Token).ConfigureAwait(false) == StreamEnd.None;
    }
}
