namespace SubnetVpn.Discovery.Mdns.Links;

/// <summary>The interfaces of this machine, and multicast on them. Thread-safe.</summary>
internal interface ILinkNetwork
{
    /// <summary>The interfaces that are up now.</summary>
    IReadOnlyList<LocalLink> Read();

    /// <summary>Joins the group on a link.</summary>
    /// <param name="link">The link.</param>
    /// <param name="receive">Gets each message with its sender, on any thread; the bytes are lent for the call.</param>
    /// <returns>The way to send there; disposing of it leaves the group.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The system does not allow it, or the link is gone.</exception>
    ILinkPort Open(LocalLink link, PacketReceiver receive);

    /// <summary>Tells when <see cref="Read"/> may give something else.</summary>
    /// <param name="changed">Called on any thread.</param>
    /// <returns>Dispose of it to hear no more.</returns>
    IDisposable Watch(Action changed);
}
