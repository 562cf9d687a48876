using System.Buffers.Binary;
using System.Numerics;

namespace SubnetVpn.TestKit.Transports;

/// <summary>Peer ids that are well formed and belong to nobody.</summary>
public static class TestPeers
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>The same number always gives the same id.</summary>
    /// <param name="number">Any number.</param>
    public static PeerId Create(int number)
    {
        // An identity multihash over the protobuf of an Ed25519 key: libp2p specifications, peer-ids/peer-ids.md.
        var bytes = new byte[38];
        ReadOnlySpan<byte> prefix = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];
        prefix.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(6), number);
        bytes[^1] = 1;

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
