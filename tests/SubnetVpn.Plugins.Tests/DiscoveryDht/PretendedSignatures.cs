using System.Security.Cryptography;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.DiscoveryDht;

/// <summary>Signatures that anybody can make: for peers of tests, whose ids nobody has the private key of.</summary>
internal sealed class PretendedSignatures : IEd25519
{
    public byte[] GetPublicKey(ReadOnlySpan<byte> seed) => SHA256.HashData(seed);

    public byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> data) => Make(GetPublicKey(seed), data);

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => signature.SequenceEqual(Make(publicKey, data));

    private static byte[] Make(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data) => SHA512.HashData([.. publicKey, .. data]);

    /// <summary>The identity of a peer of tests.</summary>
    public sealed class Identity(int number) : INodeIdentity
    {
        public PeerId Id { get; } = TestPeers.Create(number);

        public ReadOnlyMemory<byte> PublicKey => throw new NotSupportedException();

        public byte[] Sign(ReadOnlySpan<byte> data)
        {
            var key = new byte[32];
            Assert.True(Id.TryGetEd25519Key(key));
            return Make(key, data);
        }
    }
}
