using SubnetVpn.Core.Hosting.Identity;

namespace SubnetVpn.Core.Hosting.Tests.Identity;

public class NodeIdentityTests
{
    [Fact]
    public void Generate_Twice_GivesDifferentPeers()
    {
        using var first = NodeIdentity.Generate();
        using var second = NodeIdentity.Generate();

        Assert.NotEqual(first.Id, second.Id);
        Assert.StartsWith("12D3KooW", first.Id.ToString(), StringComparison.Ordinal);
        Assert.Equal(36, first.PublicKey.Length);
    }

    [Fact]
    public void ToString_Always_IsThePeerId()
    {
        using var identity = NodeIdentity.Generate();

        Assert.Equal(identity.Id.ToString(), identity.ToString());
    }

    [Fact]
    public void Sign_AfterDispose_Throws()
    {
        var identity = NodeIdentity.Generate();
        identity.Dispose();

        Assert.Throws<ObjectDisposedException>(() => identity.Sign([1]));
    }

    [Fact]
    public async Task Sign_ManyThreads_GivesTheSameSignature()
    {
        using var identity = NodeIdentity.Generate();
        var expected = identity.Sign([1, 2, 3]);

        var signatures = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => identity.Sign([1, 2, 3]))));

        Assert.All(signatures, signature => Assert.Equal(expected, signature));
    }
}
