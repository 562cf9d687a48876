namespace SubnetVpn.Libp2p.Hosting;

/// <summary>Counts tasks that run on their own, so that disposing can wait for them.</summary>
internal sealed class TaskTracker
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count = 1;

    /// <summary>Runs <paramref name="work"/> on the thread pool. It must not fail.</summary>
    public void Run(Func<Task> work)
    {
        Interlocked.Increment(ref _count);
        _ = Task.Run(async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            finally
            {
                Release();
            }
        });
    }

    /// <summary>Completes when all that was started has ended. Called once.</summary>
    public Task WhenIdleAsync()
    {
        Release();
        return _idle.Task;
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            _idle.TrySetResult();
        }
    }
}
