namespace SubnetVpn.Libp2p.Tcp;

/// <summary>Why a host cannot listen at an address.</summary>
public enum ListenFailure
{
    /// <summary>The address is not one of TCP over IP.</summary>
    NotSupported,

    /// <summary>Another socket listens there.</summary>
    AddressInUse,

    /// <summary>The system does not allow it, for example a port below 1024.</summary>
    AccessDenied,

    /// <summary>The IP address is not one of this machine.</summary>
    AddressNotAvailable,

    /// <summary>Something else; the inner exception says what.</summary>
    Other,
}
