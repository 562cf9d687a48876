using SubnetVpn.Tun;

namespace SubnetVpn.TestKit.Tun;

/// <summary>A TUN device under test together with its other side: the host whose packets it carries.</summary>
public abstract class TunHarness : IAsyncDisposable
{
    /// <summary>The device.</summary>
    public abstract ITunDevice Device { get; }

    /// <summary>Sends a packet as the host does, so that the device reads it. Blocks; allocates nothing.</summary>
    /// <param name="packet">An IPv4 UDP packet from the device's address into its subnet.</param>
    public abstract void Inject(ReadOnlySpan<byte> packet);

    /// <summary>
    /// Receives the next packet that the device wrote. Blocks until there is one, and throws when none comes for half a
    /// minute; allocates nothing.
    /// </summary>
    /// <param name="destination">Room for a packet.</param>
    /// <returns>Its length.</returns>
    public abstract int Receive(Span<byte> destination);

    /// <summary>Disposes of the device, if the test did not, and of the host's side.</summary>
    public abstract ValueTask DisposeAsync();
}
