namespace SubnetVpn.Core.Inbound;

/// <summary>The streams of one peer: how many, and in what order they may deliver. The count is guarded by the service.</summary>
internal sealed class InboundPeer
{
    public int Streams { get; set; }

    public StreamOrder Order { get; } = new();
}
