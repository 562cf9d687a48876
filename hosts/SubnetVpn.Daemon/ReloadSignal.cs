using System.Runtime.InteropServices;
using System.Threading.Channels;
using SubnetVpn.Core.Hosting.Nodes;

namespace SubnetVpn.Daemon;

/// <summary>Has the node read its configuration again on SIGHUP. What comes of it is logged; signals that come meanwhile count as one.</summary>
internal sealed class ReloadSignal : IAsyncDisposable
{
    private readonly SubnetVpnNode _node;
    private readonly PosixSignalRegistration _registration;
    // One that waits will read what is there by then, so a second is of no use.
    private readonly Channel<PosixSignal> _received = Channel.CreateBounded<PosixSignal>(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _reloading;

    public ReloadSignal(SubnetVpnNode node)
    {
        _node = node;
        _reloading = Task.Run(RunAsync);
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle);
    }

    public async ValueTask DisposeAsync()
    {
        _registration.Dispose();
        await _stopping.CancelAsync();
        await _reloading;
        _stopping.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        _received.Writer.TryWrite(context.Signal);
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var _ in _received.Reader.ReadAllAsync(_stopping.Token))
                await ReloadAsync();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The daemon ends.
        }
    }

    private async Task ReloadAsync()
    {
        try
        {
            await _node.ReloadAsync(restart: false, _stopping.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The node has logged it, and runs as before.
        }
    }
}
