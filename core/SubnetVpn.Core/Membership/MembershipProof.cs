using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SubnetVpn.Core.Membership;

/// <summary>
/// What one end of a stream says to prove that it holds the network's key: HMAC-SHA256 over all that makes this stream this one, so
/// that it is worth nothing on another connection, for another peer, another stream, the other end, or another network.
/// <code>
/// HMAC-SHA256(membership key, part*)      part: | u32 length, big-endian | bytes |
///   "opener" or "acceptor" | protocol id | channel binding | opener's peer id | acceptor's peer id | u64 opener's number
/// </code>
/// </summary>
/// <param name="Role">Which end proves it.</param>
/// <param name="Protocol">The protocol id, which holds the network's name.</param>
/// <param name="ChannelBinding">What only this connection has.</param>
/// <param name="Opener">Who opened the stream.</param>
/// <param name="Acceptor">Who accepted it.</param>
/// <param name="Number">The opener's number for the stream.</param>
internal sealed record MembershipProof(MembershipRole Role, string Protocol, ReadOnlyMemory<byte> ChannelBinding, PeerId Opener, PeerId Acceptor, ulong Number)
{
    public const int Length = HMACSHA256.HashSizeInBytes;

    /// <summary>What the end says.</summary>
    public byte[] Compute(ReadOnlySpan<byte> key)
    {
        var content = new ArrayBufferWriter<byte>();
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(number, Number);
        AddPart(content, Role == MembershipRole.Opener ? "opener"u8 : "acceptor"u8);
        AddPart(content, Encoding.UTF8.GetBytes(Protocol));
        AddPart(content, ChannelBinding.Span);
        AddPart(content, Encoding.ASCII.GetBytes(Opener.ToString()));
        AddPart(content, Encoding.ASCII.GetBytes(Acceptor.ToString()));
        AddPart(content, number);
        return HMACSHA256.HashData(key, content.WrittenSpan);
    }

    /// <summary>Whether what the end said is right. Takes the same time whatever is wrong.</summary>
    public bool IsProvenBy(ReadOnlySpan<byte> proof, ReadOnlySpan<byte> key) => CryptographicOperations.FixedTimeEquals(proof, Compute(key));

    // The length before each part: no two lists of parts are the same bytes.
    private static void AddPart(ArrayBufferWriter<byte> content, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32BigEndian(content.GetSpan(sizeof(int)), part.Length);
        content.Advance(sizeof(int));
        content.Write(part);
    }
}
