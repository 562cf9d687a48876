using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Traffic;

/// <summary>ICMP or ICMPv6 echo requests, which the other machine's kernel answers.</summary>
internal sealed class IcmpEchoChannel : IEchoChannel
{
    private const int HeaderSize = 8;
    private const ushort Identifier = 0x5356;
    private readonly Socket _socket;
    private readonly bool _isV6;
    private readonly byte[] _buffer = new byte[65536];

    public IcmpEchoChannel(NetworkNamespace from, IPAddress address)
    {
        _isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        _socket = from.CreateSocket(address.AddressFamily, SocketType.Raw, _isV6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp);
        _socket.Connect(new IPEndPoint(address, 0));
    }

    public async Task SendAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var message = new byte[HeaderSize + payload.Length];
        message[0] = (byte)(_isV6 ? 128 : 8); // Echo request: RFC 4443, RFC 792.
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), Identifier);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), (ushort)payload.Length);
        payload.Span.CopyTo(message.AsSpan(HeaderSize));
        if (!_isV6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum(message)); // The kernel fills in that of ICMPv6.
        }

        await _socket.SendAsync(message, SocketFlags.None, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = await _socket.ReceiveAsync(_buffer.AsMemory(), SocketFlags.None, cancellationToken);
            var message = _buffer.AsMemory(0, length)[(_isV6 ? 0 : (_buffer[0] & 15) * 4)..]; // IPv4 comes with its header.
            var isReply = message.Span[0] == (_isV6 ? 129 : 0);
            if (isReply && BinaryPrimitives.ReadUInt16BigEndian(message.Span[4..]) == Identifier)
            {
                return message[HeaderSize..];
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)(bytes[i] << 8) | (i + 1 < bytes.Length ? bytes[i + 1] : 0u);
        }

        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
