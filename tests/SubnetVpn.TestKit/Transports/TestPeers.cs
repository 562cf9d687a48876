using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace SubnetVpn.TestKit.Transports;

/// <summary>Peer ids that are well formed and belong to nobody.</summary>
public static class TestPeers
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>The same number always gives the same id.</summary>
    /// <param name="number">Any number.</param>
    public static PeerId Create(int number)
    {
        Span<byte> key = stackalloc byte[32];
        BinaryPrimitives.WriteInt32BigEndian(key, number);
        key[^1] = 1;
        return WithKey(key);
    }

    /// <summary>The same name always gives the same id.</summary>
    /// <param name="name">Any text.</param>
    public static PeerId Named(string name) => WithKey(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private static PeerId WithKey(ReadOnlySpan<byte> key)
    {
        // An identity multihash over the protobuf of an Ed25519 key: libp2p specifications, peer-ids/peer-ids.md.
        byte[] bytes = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20, .. key];
        var value = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var text = new Stack<char>();
        while (value > 0)
        {
            value = BigInteger.DivRem(value, Alphabet.Length, out var digit);
            text.Push(Alphabet[(int)digit]);
        }
        // Base58 writes leading zero bytes as ones.
        text.Push(Alphabet[0]);
        return PeerId.Parse(new string([.. text]));
    }
}
