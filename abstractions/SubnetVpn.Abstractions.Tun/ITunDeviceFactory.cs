namespace SubnetVpn.Tun;

/// <summary>Makes TUN devices on one kind of system. Thread-safe.</summary>
public interface ITunDeviceFactory
{
    /// <summary>
    /// Whether this system has such devices; <c>tun: auto</c> takes the first strategy that says yes. Looks at the
    /// system only; makes nothing, needs no rights.
    /// </summary>
    bool IsSupported { get; }

    /// <summary>Makes a device, gives it its addresses, MTU and routes, and brings it up. On failure nothing stays behind.</summary>
    /// <param name="settings">What to make.</param>
    /// <param name="cancellationToken">Abandons it and undoes what was done.</param>
    /// <returns>The device; the caller disposes of it.</returns>
    /// <exception cref="VpnException">
    /// It cannot be made: <see cref="VpnErrorReason.Permission"/> without the right, <see cref="VpnErrorReason.Tun"/> otherwise.
    /// </exception>
    ValueTask<ITunDevice> CreateAsync(TunSettings settings, CancellationToken cancellationToken);
}
