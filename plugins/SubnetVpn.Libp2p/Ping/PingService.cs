using System.Security.Cryptography;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Ping;

/// <summary>Ping (libp2p specs, ping/ping.md): 32 bytes come back, as often as the one who asks likes.</summary>
internal sealed class PingService(Libp2pHost host, TimeProvider time, Libp2pCounters counters)
{
    public const string ProtocolId = "/ipfs/ping/1.0.0";
    private const int PayloadBytes = 32;
    private const int MaxInboundStreamsPerPeer = 2;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, int> _inbound = [];

    public void Register() => host.Handle(ProtocolId, AnswerAsync);

    /// <summary>One round trip over a stream of its own.</summary>
    public async Task<PingResult> PingAsync(Libp2pConnection connection, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        OpenStreamResult opened = await host.OpenStreamAsync(connection, [ProtocolId], both.Token).ConfigureAwait(false);
        if (opened.Stream is not { } stream)
        {
            return PingResult.Failed(opened.Failure, opened.Detail);
        }

        using (stream)
        {
            byte[] payload = RandomNumberGenerator.GetBytes(PayloadBytes);
            var answer = new byte[PayloadBytes];
            long start = time.GetTimestamp();
            await stream.WriteAsync(payload, both.Token).ConfigureAwait(false);
            if (!await TryReadAsync(stream, answer, both.Token).ConfigureAwait(false))
            {
                return cancellationToken.IsCancellationRequested ? PingResult.Failed(DialFailure.Cancelled, "cancelled")
                    : timer.IsCancellationRequested ? PingResult.Failed(DialFailure.TimedOut, "no answer in time")
                    : PingResult.Failed(DialFailure.ConnectionLost, "the stream ended before the answer");
            }

            TimeSpan roundTrip = time.GetElapsedTime(start);
            await stream.CloseWriteAsync(both.Token).ConfigureAwait(false);
            return answer.AsSpan().SequenceEqual(payload)
                ? new PingResult(roundTrip, DialFailure.None, string.Empty)
                : PingResult.Failed(DialFailure.NegotiationFailed, "the answer is not what was sent");
        }
    }

    private async Task AnswerAsync(Libp2pStream stream, CancellationToken cancellationToken)
    {
        PeerId peer = stream.Connection.RemotePeer;
        if (!TryEnter(peer))
        {
            counters.LimitHits.Increment(Libp2pLimit.PingStreams);
            return;
        }

        try
        {
            var payload = new byte[PayloadBytes];
            while (await TryReadAsync(stream, payload, cancellationToken).ConfigureAwait(false))
            {
                if (await stream.WriteAsync(payload, cancellationToken).ConfigureAwait(false) != StreamEnd.None)
                {
                    return;
                }
            }

            await stream.CloseWriteAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(peer);
        }
    }

    private static async ValueTask<bool> TryReadAsync(Libp2pStream stream, Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (!destination.IsEmpty)
        {
            StreamRead read = await stream.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
            if (read.Count == 0)
            {
                return false;
            }

            destination = destination[read.Count..];
        }

        return true;
    }

    private bool TryEnter(PeerId peer)
    {
        lock (_gate)
        {
            int count = _inbound.GetValueOrDefault(peer);
            if (count >= MaxInboundStreamsPerPeer)
            {
                return false;
            }

            _inbound[peer] = count + 1;
            return true;
        }
    }

    private void Leave(PeerId peer)
    {
        lock (_gate)
        {
            if (--_inbound[peer] == 0)
            {
                _inbound.Remove(peer);
            }
        }
    }
}
