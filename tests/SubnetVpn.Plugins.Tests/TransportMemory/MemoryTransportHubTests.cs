using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Plugins.Tests.TransportMemory;

public sealed class MemoryTransportHubTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Create_SameHub_ReachOneAnother()
    {
        var hub = Guid.NewGuid().ToString("N");
        await using var one = Create(hub, 1);
        await using var other = Create(hub, 2);
        await other.ListenAsync(["/memory/other"], Token);
        using var acceptor = new StreamAcceptor(other, MemoryLab.Protocol);

        var result = await one.OpenStreamAsync(new PeerEndpoint(other.Peer, [$"/memory/other/p2p/{other.Peer}"]), new StreamRequest([MemoryLab.Protocol]), Token);

        Assert.Equal(OpenStreamFailure.None, result.Failure);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_OtherHub_DoNotSeeOneAnother()
    {
        await using var one = Create(Guid.NewGuid().ToString("N"), 1);
        await using var other = Create(Guid.NewGuid().ToString("N"), 2);
        await other.ListenAsync(["/memory/other"], Token);

        var result = await one.OpenStreamAsync(new PeerEndpoint(other.Peer, ["/memory/other"]), new StreamRequest([MemoryLab.Protocol]), Token);

        Assert.Equal(OpenStreamFailure.Unreachable, result.Failure);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("/ip4/198.18.0.2/tcp/4001", OpenStreamFailure.NoAddress)]
    [InlineData("/memory/", OpenStreamFailure.NoAddress)]
    [InlineData("/memory/a b", OpenStreamFailure.NoAddress)]
    [InlineData("/memory/other/tcp/1", OpenStreamFailure.NoAddress)]
    [InlineData("/memory/nobody", OpenStreamFailure.Unreachable)]
    [InlineData("/memory/other/p2p/12D3KooWnobody", OpenStreamFailure.WrongPeer)]
    public async Task Open_AddressesThatDoNotLeadThere_SayWhy(string address, OpenStreamFailure expected)
    {
        var hub = Guid.NewGuid().ToString("N");
        await using var one = Create(hub, 1);
        await using var other = Create(hub, 2);
        await other.ListenAsync(["/memory/other"], Token);

        var result = await one.OpenStreamAsync(new PeerEndpoint(other.Peer, [address]), new StreamRequest([MemoryLab.Protocol]), Token);

        Assert.Equal(expected, result.Failure);
    }

    private static MemoryTransport Create(string hub, int number) =>
        new(new MemoryTransportOptions { Hub = hub }, new FakeIdentity(TestPeers.Create(number)), TimeProvider.System, NullLogger<MemoryTransport>.Instance);

    private sealed class FakeIdentity(PeerId id) : INodeIdentity
    {
        public PeerId Id => id;

        public ReadOnlyMemory<byte> PublicKey => ReadOnlyMemory<byte>.Empty;

        public byte[] Sign(ReadOnlySpan<byte> data) => throw new NotSupportedException("The memory transport takes peers at their word.");
    }
}
