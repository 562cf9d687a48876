namespace SubnetVpn.Libp2p.Addresses;

/// <summary>One row of the multiaddr table: a code, its name, and how its value looks in bytes and in text.</summary>
internal sealed record MultiaddrProtocol(int Code, string Name, MultiaddrValue Value)
{
    /// <summary>The value's fixed number of bytes, or <see cref="MultiaddrValue.Variable"/>.</summary>
    public int Size => Value.Size;
}
