using System.Buffers.Binary;
using System.Net;

namespace SubnetVpn.Cli.Demo.InProcess;

/// <summary>Echo requests from the host of one memory TUN to the other device, which answers them.</summary>
internal sealed class MemoryPinger(HostLink host, IPAddress from, IPAddress to, TimeProvider time)
{
    private const ushort Identifier = 0x5356;
    private const int PayloadLength = 56;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_lost = TimeSpan.FromSeconds(2);

    private ushort _sequence;

    /// <summary>Asks until the first answer comes: the path is up then.</summary>
    public async Task<TimeSpan> WaitForFirstAnswerAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < s_patience)
            if (await AskAsync(s_retry, cancellationToken) is not null)
                return time.GetElapsedTime(start);
        throw DemoFault.Because($"{to} did not answer within {s_patience.TotalSeconds} s.");
    }

    /// <summary>Asks a number of times, one after the other.</summary>
    public async Task<PingResult> RunAsync(int count, CancellationToken cancellationToken)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < count; i++)
            if (await AskAsync(s_lost, cancellationToken) is { } roundTrip)
                times.Add(roundTrip);
        return times.Count == count
            ? new PingResult(count, times)
            : throw DemoFault.Because($"{count - times.Count} echo requests to {to} were lost.");
    }

    private async Task<TimeSpan?> AskAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var request = EchoPacket.MakeIPv4Icmp(from, to, Identifier, ++_sequence, PayloadLength);
        var start = time.GetTimestamp();
        try
        {
            await host.SendAsync(request, cancellationToken);
            while (true)
                if (IsAnswer(await host.ReceiveAsync(either.Token)))
                    return time.GetElapsedTime(start);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private bool IsAnswer(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < EchoPacket.IpHeaderLength + EchoPacket.IcmpHeaderLength || packet[0] != 0x45 || packet[9] != 1)
            return false;
        var message = packet[EchoPacket.IpHeaderLength..];
        return message[0] == 0
            && BinaryPrimitives.ReadUInt16BigEndian(message[4..]) == Identifier
            && BinaryPrimitives.ReadUInt16BigEndian(message[6..]) == _sequence;
    }
}
