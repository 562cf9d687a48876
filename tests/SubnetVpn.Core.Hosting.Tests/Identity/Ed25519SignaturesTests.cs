using SubnetVpn.Core.Hosting.Identity;

namespace SubnetVpn.Core.Hosting.Tests.Identity;

public sealed class Ed25519SignaturesTests
{
    // RFC 8032 section 7.1, test 2.
    private static readonly byte[] s_seed = Convert.FromHexString("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    private static readonly byte[] s_publicKey = Convert.FromHexString("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    private static readonly byte[] s_signature = Convert.FromHexString(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

    private readonly Ed25519Signatures _signatures = new();

    [Fact]
    public void Sign_OfTheTestVector_IsItsSignature()
    {
        Assert.Equal(s_publicKey, _signatures.GetPublicKey(s_seed));
        Assert.Equal(s_signature, _signatures.Sign(s_seed, [0x72]));
    }

    [Fact]
    public void Verify_TakesTheSignature_AndNothingElse()
    {
        Assert.True(_signatures.Verify(s_publicKey, [0x72], s_signature));
        Assert.False(_signatures.Verify(s_publicKey, [0x73], s_signature));
        Assert.False(_signatures.Verify(s_publicKey, [0x72], s_signature.AsSpan(1)));
        Assert.False(_signatures.Verify(s_publicKey.AsSpan(1), [0x72], s_signature));
        Assert.False(_signatures.Verify(_signatures.GetPublicKey(new byte[32]), [0x72], s_signature));
        Assert.False(_signatures.Verify(s_publicKey, [0x72], [.. s_signature.AsSpan(0, 63), (byte)(s_signature[63] ^ 1)]));
    }

    [Fact]
    public void Verify_OfWhatANodeSigned_ByTheKeyInItsPeerId()
    {
        using var identity = NodeIdentity.Generate();
        var key = new byte[32];
        Assert.True(identity.Id.TryGetEd25519Key(key));
        Assert.True(_signatures.Verify(key, [1, 2, 3], identity.Sign([1, 2, 3])));
    }

    [Theory]
    [InlineData("QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC")] // a hash
    [InlineData("16Uiu2HAmLhLvBoYaoZfaMUKuibM6ac163GwKY74c5kiSLg5KvLpY")] // secp256k1
    public void TryGetEd25519Key_OfAnotherKey_IsFalse(string peer) => Assert.False(PeerId.Parse(peer).TryGetEd25519Key(new byte[32]));
}
