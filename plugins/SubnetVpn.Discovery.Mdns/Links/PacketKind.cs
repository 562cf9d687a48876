namespace SubnetVpn.Discovery.Mdns.Links;

/// <summary>What a message is for.</summary>
internal enum PacketKind
{
    /// <summary>It asks who is there.</summary>
    Query,

    /// <summary>It says where we are, asked or not.</summary>
    Response,

    /// <summary>It says that we go.</summary>
    Goodbye,
}
