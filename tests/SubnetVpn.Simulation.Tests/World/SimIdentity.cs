namespace SubnetVpn.Simulation.Tests.World;

internal sealed class SimIdentity(PeerId id) : INodeIdentity
{
    public PeerId Id => id;

    public ReadOnlyMemory<byte> PublicKey => throw new NotSupportedException("The memory transport proves nothing.");

    public byte[] Sign(ReadOnlySpan<byte> data) => throw new NotSupportedException("The memory transport proves nothing.");
}
