namespace SubnetVpn.Simulation.Tests.World;

/// <summary>
/// Waits until the thread pool has nothing queued and nothing in progress. The pool shows only what is queued, so every one
/// of its threads is made to run an item of ours: when all of them do at the same time, nothing else is in progress.
/// </summary>
internal sealed class ThreadPoolProbe
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly int _threads = FixSize();

    /// <summary>Blocks; not to be called on a thread of the pool.</summary>
    public void WaitUntilQuiet()
    {
        var spin = new SpinWait();
        var start = TimeProvider.System.GetTimestamp();
        // What keeps a thread of the pool for ever is none of ours.
        while (TimeProvider.System.GetElapsedTime(start) < s_patience)
        {
            if (ThreadPool.PendingWorkItemCount > 0)
                spin.SpinOnce();
            else if (TryOccupy())
                return;
        }
    }

    // Without more threads than processors, and with all of them from the start.
    private static int FixSize()
    {
        ThreadPool.GetMinThreads(out _, out var minPorts);
        ThreadPool.GetMaxThreads(out _, out var maxPorts);
        var threads = Environment.ProcessorCount;
        if (!ThreadPool.SetMinThreads(threads, minPorts) || !ThreadPool.SetMaxThreads(threads, maxPorts))
            throw new InvalidOperationException("The size of the thread pool cannot be set.");
        return threads;
    }

    private bool TryOccupy()
    {
        // Neither is disposed of: a late item may still come.
        var arrived = new CountdownEvent(_threads);
        var leave = new ManualResetEventSlim();
        for (var i = 0; i < _threads; i++)
            ThreadPool.UnsafeQueueUserWorkItem(static state =>
            {
                state.arrived.Signal();
                state.leave.Wait();
            }, (arrived, leave), preferLocal: false);
        try
        {
            // When some thread never comes, nothing more can be found out.
            return !arrived.Wait(s_patience) || ThreadPool.PendingWorkItemCount == 0;
        }
        finally
        {
            leave.Set();
        }
    }
}
