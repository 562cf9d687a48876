using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace SubnetVpn.Cli.Demo.Namespaces;

/// <summary>Echo requests from a namespace, which the kernel at the other end answers (RFC 792, RFC 4443).</summary>
internal sealed class IcmpPinger : IDisposable
{
    private const int PayloadLength = 56;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_lost = TimeSpan.FromSeconds(2);

    private readonly Socket _socket;
    private readonly IPEndPoint _destination;
    private readonly TimeProvider _time;
    private readonly bool _isIPv6;
    private readonly byte[] _answer = new byte[2048];
    private ushort _sequence;

    public IcmpPinger(NetworkNamespace from, IPAddress to, TimeProvider time)
    {
        _time = time;
        _isIPv6 = to.AddressFamily == AddressFamily.InterNetworkV6;
        _destination = new IPEndPoint(to, 0);
        _socket = from.MakeSocket(() => new Socket(to.AddressFamily, SocketType.Raw, _isIPv6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp));
    }

    /// <summary>Asks until the first answer comes: the path is up then.</summary>
    public async Task<TimeSpan> WaitForFirstAnswerAsync(CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (_time.GetElapsedTime(start) < s_patience)
            if (await AskAsync(s_retry, cancellationToken) is not null)
                return _time.GetElapsedTime(start);
        throw DemoFault.Because($"{_destination.Address} did not answer within {s_patience.TotalSeconds} s.");
    }

    /// <summary>Asks a number of times, one after the other.</summary>
    public async Task<PingResult> RunAsync(int count, CancellationToken cancellationToken)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < count; i++)
            if (await AskAsync(s_lost, cancellationToken) is { } roundTrip)
                times.Add(roundTrip);
        return new PingResult(count, times);
    }

    public void Dispose() => _socket.Dispose();

    private async Task<TimeSpan?> AskAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var request = MakeRequest(++_sequence);
        using var timeout = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var start = _time.GetTimestamp();
        try
        {
            await _socket.SendToAsync(request, _destination, either.Token);
            while (true)
            {
                var length = (await _socket.ReceiveFromAsync(_answer, _destination, either.Token)).ReceivedBytes;
                if (IsAnswer(_answer.AsSpan(0, length)))
                    return _time.GetElapsedTime(start);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (SocketException)
        {
            // Such as an ICMP error that the kernel reports; the next request may do better.
            return null;
        }
    }

    // A raw socket hears all ICMP of the namespace. IPv4 comes with its IP header, IPv6 without.
    private bool IsAnswer(ReadOnlySpan<byte> packet)
    {
        var message = _isIPv6 ? packet : packet[Math.Min((packet[0] & 0x0F) * 4, packet.Length)..];
        return message.Length >= 8
            && message[0] == (_isIPv6 ? 129 : 0)
            && BinaryPrimitives.ReadUInt16BigEndian(message[4..]) == (ushort)Environment.ProcessId
            && BinaryPrimitives.ReadUInt16BigEndian(message[6..]) == _sequence;
    }

    private byte[] MakeRequest(ushort sequence) =>
        EchoPacket.MakeIcmp(_isIPv6 ? (byte)128 : (byte)8, (ushort)Environment.ProcessId, sequence, PayloadLength);
}
