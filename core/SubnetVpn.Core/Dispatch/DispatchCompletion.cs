namespace SubnetVpn.Core.Dispatch;

/// <summary>Tells the caller of <see cref="IDispatcher.DispatchAsync"/> what became of its packet, once.</summary>
internal sealed class DispatchCompletion
{
    private readonly TaskCompletionSource<PacketDropReason> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<PacketDropReason> Task => _source.Task;

    public void Complete(PacketDropReason reason) => _source.TrySetResult(reason);
}
