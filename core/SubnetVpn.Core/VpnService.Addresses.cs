using SubnetVpn.Core.Addresses;

namespace SubnetVpn.Core;

// An address that turned out to be another's.
public sealed partial class VpnService
{
    private void OnAddressLost(AddressLoss loss)
    {
        if (_dependencies.Owner is { } owner)
            owner.Lost(loss);
        else
            // Not on this thread: to stop the network waits for it.
            _ = Task.Run(() => FailAsync(loss));
    }

    private async Task FailAsync(AddressLoss loss)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (_run is not { } run)
                return;
            await StopRunAsync(run, CancellationToken.None);
            SetState(VpnServiceState.Failed, loss.Message);
        }
        finally
        {
            _turn.Release();
        }
    }
}
