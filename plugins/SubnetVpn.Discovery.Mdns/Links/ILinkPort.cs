namespace SubnetVpn.Discovery.Mdns.Links;

/// <summary>Membership in the group on one link.</summary>
internal interface ILinkPort : IDisposable
{
    /// <summary>False once it hears nothing any more, and has to be opened anew.</summary>
    bool IsAlive { get; }

    /// <summary>Sends a message to everybody on the link, this machine included.</summary>
    /// <param name="packet">The message.</param>
    /// <returns>False when the system did not take it.</returns>
    bool Send(ReadOnlySpan<byte> packet);
}
