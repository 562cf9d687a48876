using SubnetVpn.Core.Addresses;

namespace SubnetVpn.Core.Tests.Addresses;

/// <summary>Notes what is lost.</summary>
internal sealed class RecordingOwner : IAddressOwner
{
    private volatile AddressLoss? _loss;

    public AddressHistory History { get; } = new();

    public AddressLoss? Loss => _loss;

    public void Lost(AddressLoss loss)
    {
        Assert.Null(_loss);
        _loss = loss;
    }
}
