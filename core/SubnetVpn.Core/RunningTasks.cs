namespace SubnetVpn.Core;

/// <summary>Tasks that nobody waits for but the end of their owner. Thread-safe.</summary>
internal sealed class RunningTasks
{
    private readonly HashSet<Task> _tasks = [];

    /// <summary>Adds a task; those that have ended without a fault are let go.</summary>
    public void Add(Task task)
    {
        lock (_tasks)
        {
            _tasks.RemoveWhere(static ended => ended.IsCompletedSuccessfully);
            _tasks.Add(task);
        }
    }

    /// <summary>Waits for all of them; what one threw comes out here.</summary>
    public Task WhenAllAsync()
    {
        lock (_tasks)
            return Task.WhenAll(_tasks.ToArray());
    }
}
