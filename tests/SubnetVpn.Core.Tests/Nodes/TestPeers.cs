using System.Security.Cryptography;
using System.Text;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Peer ids of the right shape, made from names; nobody holds their keys.</summary>
internal static class TestPeers
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    public static PeerId Named(string name)
    {
        // identity multihash, 36 bytes: the protobuf of an Ed25519 key, key type 1.
        byte[] bytes = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20, .. SHA256.HashData(Encoding.UTF8.GetBytes(name))];
        var number = new System.Numerics.BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var text = new StringBuilder();
        while (number > 0)
        {
            number = System.Numerics.BigInteger.DivRem(number, 58, out var digit);
            text.Insert(0, Alphabet[(int)digit]);
        }
        return PeerId.Parse("1" + text);
    }
}
