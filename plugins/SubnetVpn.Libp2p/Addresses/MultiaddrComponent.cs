namespace SubnetVpn.Libp2p.Addresses;

/// <summary>One part of a multiaddr: where it begins, its protocol and its value.</summary>
internal readonly record struct MultiaddrComponent(int Offset, MultiaddrProtocol Protocol, ReadOnlyMemory<byte> Value)
{
    public string Text => Protocol.Value.Format(Value.Span) ?? string.Empty;
}
