using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using SubnetVpn.Core.Frames.Protos;
using SubnetVpn.Core.Membership;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Frames;

/// <summary>Writes and reads the body of a hello frame, and bounds everything that it says.</summary>
internal static class HelloCodec
{
    public const int MaxVirtualIps = 16;
    public const int MaxAgentVersionLength = 256;

    /// <summary>The smallest MTU that every IPv4 host must take (RFC 791), and the smallest that can be configured.</summary>
    public const int MinMtu = 576;

    private const TunCapabilities KnownOffloads = TunCapabilities.Checksum | TunCapabilities.TcpV4Segmentation
        | TunCapabilities.TcpV6Segmentation | TunCapabilities.UdpSegmentation;

    private static readonly MessageParser<HelloMessage> Parser = HelloMessage.Parser.WithDiscardUnknownFields(true);

    public static byte[] Encode(Hello hello)
    {
        var message = new HelloMessage { Mtu = (uint)hello.Mtu, Offloads = (uint)hello.Offloads, AgentVersion = hello.AgentVersion, Number = hello.Number, Automatic = hello.IsAutomatic, Proof = ByteString.CopyFrom(hello.Proof.Span) };
        Span<byte> bytes = stackalloc byte[16];
        foreach (var address in hello.VirtualIps)
            message.VirtualIps.Add(ByteString.CopyFrom(bytes[..address.WriteBytes(bytes)]));
        return message.ToByteArray();
    }

    /// <summary>Reads a body; false when it is no hello, or says something impossible.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> body, [NotNullWhen(true)] out Hello? hello)
    {
        hello = null;
        if (body.Length > FrameLimits.Hello || !TryParse(body, out var message))
            return false;
        if (message.Mtu is < MinMtu or > PacketBuffer.MaxPacketLength || message.VirtualIps.Count > MaxVirtualIps || message.Proof.Length is not (0 or MembershipProof.Length))
            return false;
        if (!IsPrintable(message.AgentVersion) || !TryReadAddresses(message, out var addresses))
            return false;
        hello = new Hello
        {
            Mtu = (int)message.Mtu,
            VirtualIps = addresses,
            IsAutomatic = message.Automatic,
            Offloads = (TunCapabilities)message.Offloads & KnownOffloads,
            AgentVersion = message.AgentVersion,
            Number = message.Number,
            Proof = message.Proof.Memory,
        };
        return true;
    }

    private static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out HelloMessage? message)
    {
        try
        {
            message = Parser.ParseFrom(body);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            message = null;
            return false;
        }
    }

    private static bool TryReadAddresses(HelloMessage message, out VirtualIp[] addresses)
    {
        addresses = new VirtualIp[message.VirtualIps.Count];
        for (var index = 0; index < addresses.Length; index++)
        {
            var bytes = message.VirtualIps[index].Span;
            if (bytes.Length is not (4 or 16))
                return false;
            addresses[index] = VirtualIp.FromBytes(bytes);
            // An IPv4 address has one form only, so that it cannot be written as IPv6 to get around a comparison.
            if (bytes.Length == 16 && addresses[index].IsIPv4)
                return false;
        }
        return true;
    }

    // It is shown on terminals and written to logs.
    private static bool IsPrintable(string text) => text.Length <= MaxAgentVersionLength && !text.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
