using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;

namespace SubnetVpn.Cli.Demo.InProcess;

/// <summary>
/// Sends numbered datagrams to the echo port of the other device, a window of them at a time, puts together what comes back,
/// and compares hashes. A datagram without an answer is sent again: queues in memory may drop, like those of a network.
/// </summary>
internal sealed class EchoTransfer(HostLink host, IPAddress from, IPAddress to, TimeProvider time)
{
    private const ushort SourcePort = 40_007;
    private const ushort EchoPort = 7;
    private const int NumberLength = 4;
    private const int Overhead = EchoPacket.IpHeaderLength + EchoPacket.UdpHeaderLength + NumberLength;

    // Below the queue of a stream (packet_buffer_size, 100), so that hardly anything is dropped.
    private const int Window = 64;
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly HashSet<int> _waiting = [];

    /// <summary>How many datagrams had to be sent again.</summary>
    public int Repeated { get; private set; }

    public async Task<TransferResult> RunAsync(int length, int mtu, CancellationToken cancellationToken)
    {
        var (sent, received) = (RandomNumberGenerator.GetBytes(length), new byte[length]);
        var chunk = mtu - Overhead;
        var count = (length + chunk - 1) / chunk;
        var (next, done) = (0, 0);
        var start = time.GetTimestamp();
        var lastAnswer = start;
        while (done < count)
        {
            for (; next < count && _waiting.Count < Window; next++)
                await SendAsync(sent, next, chunk, cancellationToken);
            if (await ReceiveAsync(cancellationToken) is { } packet)
            {
                lastAnswer = time.GetTimestamp();
                done += Take(packet, received, chunk) ? 1 : 0;
                continue;
            }
            if (time.GetElapsedTime(lastAnswer) > s_patience)
                throw DemoFault.Because($"the echo of {to} fell silent after {done} of {count} datagrams.");
            Repeated += _waiting.Count;
            foreach (var number in _waiting.Order().ToList())
                await SendAsync(sent, number, chunk, cancellationToken);
        }
        var elapsed = time.GetElapsedTime(start);

        var hash = SHA256.HashData(received);
        return hash.AsSpan().SequenceEqual(SHA256.HashData(sent))
            ? new TransferResult(length, elapsed, Convert.ToHexStringLower(hash))
            : throw DemoFault.Because("the SHA-256 of what came back differs from that of what was sent.");
    }

    private async Task SendAsync(byte[] data, int number, int chunk, CancellationToken cancellationToken)
    {
        var part = data.AsMemory(number * chunk, Math.Min(chunk, data.Length - (number * chunk)));
        var payload = new byte[NumberLength + part.Length];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        part.CopyTo(payload.AsMemory(NumberLength));
        _waiting.Add(number);
        await host.SendAsync(EchoPacket.MakeIPv4Udp(from, to, SourcePort, EchoPort, payload), cancellationToken);
    }

    private async Task<byte[]?> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_answerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await host.ReceiveAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private bool Take(ReadOnlySpan<byte> packet, Span<byte> received, int chunk)
    {
        const int Headers = EchoPacket.IpHeaderLength + EchoPacket.UdpHeaderLength;
        if (packet.Length < Headers + NumberLength || packet[0] != 0x45 || packet[9] != 17)
            return false;
        if (BinaryPrimitives.ReadUInt16BigEndian(packet[EchoPacket.IpHeaderLength..]) != EchoPort)
            return false;
        var number = BinaryPrimitives.ReadInt32BigEndian(packet[Headers..]);
        if (!_waiting.Remove(number))
            return false;
        packet[(Headers + NumberLength)..].CopyTo(received[(number * chunk)..]);
        return true;
    }
}
