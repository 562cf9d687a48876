using SubnetVpn.Libp2p.Addresses;

namespace SubnetVpn.Libp2p.Tcp;

/// <summary>A host cannot listen at an address it was told to.</summary>
public sealed class ListenException : Exception
{
    internal ListenException(Multiaddr address, ListenFailure reason, Exception? inner)
        : base(Describe(address, reason, inner), inner)
    {
        Address = address;
        Reason = reason;
    }

    /// <summary>The address.</summary>
    public Multiaddr Address { get; }

    /// <summary>What stands against it.</summary>
    public ListenFailure Reason { get; }

    private static string Describe(Multiaddr address, ListenFailure reason, Exception? inner) => reason switch
    {
        ListenFailure.NotSupported => $"Cannot listen at {address}: only /ip4/…/tcp/… and /ip6/…/tcp/… are supported.",
        ListenFailure.AddressInUse => $"Cannot listen at {address}: the port is in use. Stop what uses it, or choose another port.",
        ListenFailure.AccessDenied => $"Cannot listen at {address}: not permitted. Choose a port above 1023, or run with more rights.",
        ListenFailure.AddressNotAvailable => $"Cannot listen at {address}: this machine does not have that IP address.",
        _ => $"Cannot listen at {address}: {inner?.Message}",
    };
}
