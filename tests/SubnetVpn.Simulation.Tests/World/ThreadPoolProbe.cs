using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Simulation.Tests.World;

/// <summary>
/// Waits until the thread pool has nothing queued and nothing in progress. The pool shows only what is queued, so every one
/// of its threads is made to run an item of ours: when all of them do at the same time, nothing else is in progress.
/// </summary>
internal sealed class ThreadPoolProbe
{
    private static readonly TimeSpan s_patience = Eventually.SafetyLimit;

    private readonly int _threads = FixSize();

    /// <summary>Blocks; not to be called on a thread of the pool.</summary>
    /// <exception cref="TimeoutException">Something keeps the pool busy for ever, so that nothing can be said of the simulation.</exception>
    public void WaitUntilQuiet()
    {
        var spin = new SpinWait();
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < s_patience)
        {
            if (ThreadPool.PendingWorkItemCount > 0)
                spin.SpinOnce();
            else if (TryOccupy())
                return;
        }
        throw new TimeoutException($"The thread pool did not come to rest within {s_patience}.");
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
            return arrived.Wait(s_patience) && ThreadPool.PendingWorkItemCount == 0;
        }
        finally
        {
            leave.Set();
        }
    }
}
