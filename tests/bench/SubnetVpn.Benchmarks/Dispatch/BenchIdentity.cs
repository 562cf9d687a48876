using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Benchmarks.Dispatch;

internal sealed class BenchIdentity : INodeIdentity
{
    public PeerId Id { get; } = TestPeers.Named("self");

    public ReadOnlyMemory<byte> PublicKey => throw new NotSupportedException("Nothing is proven here.");

    public byte[] Sign(ReadOnlySpan<byte> data) => throw new NotSupportedException("Nothing is proven here.");
}
