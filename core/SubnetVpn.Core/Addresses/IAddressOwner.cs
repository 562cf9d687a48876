namespace SubnetVpn.Core.Addresses;

/// <summary>Whoever starts a network, and can start it with another address. Thread-safe.</summary>
public interface IAddressOwner
{
    /// <summary>What befell the addresses so far, whatever service ran.</summary>
    AddressHistory History { get; }

    /// <summary>An address is lost: with <see cref="AddressLoss.CanMove"/> the network is to be started with another, otherwise it is to be stopped.</summary>
    /// <param name="loss">Which, and to whom. It must return at once: the network cannot stop before.</param>
    void Lost(AddressLoss loss);
}
