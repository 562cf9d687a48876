using Autofac;
using SubnetVpn.Core.Addresses;

namespace SubnetVpn.Core.Hosting.Nodes;

// Automatic addresses: one after the other until one is free, and another one when it turns out to be somebody else's.
public sealed partial class NodeNetwork : IAddressOwner
{
    private readonly AddressHistory _history = new();

    // Cancelled, and replaced, by whoever stops the network: a search for another address, which may take minutes, does not hold that up.
    private CancellationTokenSource _moves = new();

    // What there is to say while nothing runs.
    private volatile IdleState _idle = IdleState.Stopped;

    AddressHistory IAddressOwner.History => _history;

    // Not on this thread: to stop the service waits for it.
    void IAddressOwner.Lost(AddressLoss loss) => _ = Task.Run(() => GiveUpAsync(loss));

    // As often as it takes to find a free address: the whole scope is about one.
    private async Task StartAsync(NetworkPlan plan, CancellationToken cancellationToken)
    {
        var choice = Choose(plan);
        while (true)
        {
            try
            {
                await StartChosenAsync(plan with { Configuration = plan.Configuration with { Settings = choice.Settings } }, cancellationToken);
                return;
            }
            catch (AddressTakenException taken)
            {
                choice.Next(taken);
                Log.Taken(_logger, Name, taken.Address, taken.Rival.Peer, taken.Rival.Source, choice.Settings.Addresses);
            }
        }
    }

    private AddressChoice Choose(NetworkPlan plan)
    {
        var (settings, self) = (plan.Configuration.Settings, _root.Resolve<INodeIdentity>().Id);
        if (AddressChoice.TryBegin(settings, self, _history.Lost) is { } choice)
            return choice;
        // It had all of them and lost them: perhaps their holders are gone.
        _history.ForgetLost();
        return AddressChoice.TryBegin(settings, self, [])!;
    }

    private async Task GiveUpAsync(AddressLoss loss)
    {
        var stopped = Volatile.Read(ref _moves).Token;
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            // Stopped meanwhile, or started with another address already.
            if (_service is not { } service || _running is not { } running || !service.Settings.Addresses.Any(own => own.Address == loss.Conflict.Address))
                return;
            var plan = running with { Configuration = Configuration };
            _idle = loss.CanMove ? IdleState.Moving : IdleState.Failed(loss.Message);
            await StopRunningAsync(CancellationToken.None);
            if (loss.CanMove)
                await StartAsync(plan, stopped);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            _idle = IdleState.Stopped;
        }
        catch (Exception exception)
        {
            // A plugin may throw anything.
            _idle = IdleState.Failed(exception.Message);
            Log.NotMoved(_logger, exception, Name, loss.Conflict.Address);
        }
        finally
        {
            _turn.Release();
        }
    }

    private Task EndMovesAsync() => Interlocked.Exchange(ref _moves, new CancellationTokenSource()).CancelAsync();

    private sealed record IdleState(VpnServiceState State, string? Error)
    {
        public static IdleState Stopped { get; } = new(VpnServiceState.Stopped, null);

        public static IdleState Moving { get; } = new(VpnServiceState.Starting, null);

        public static IdleState Failed(string error) => new(VpnServiceState.Failed, error);
    }
}
