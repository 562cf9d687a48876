using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Tests;

/// <summary>An Ed25519 identity made for one test.</summary>
internal sealed class TestIdentity : ILocalIdentity
{
    private readonly Ed25519SigningKey _key = Ed25519SigningKey.Generate();

    public TestIdentity()
    {
        Assert.True(PublicKey.TryCreate(KeyType.Ed25519, _key.PublicKey.Span, out PublicKey? key));
        PublicKey = key;
        PeerId = PeerId.FromPublicKey(key);
    }

    public PeerId PeerId { get; }

    public PublicKey PublicKey { get; }

    public byte[] Sign(ReadOnlySpan<byte> message) => _key.Sign(message);
}
