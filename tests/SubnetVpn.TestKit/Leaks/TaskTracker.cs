using System.Runtime.CompilerServices;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.TestKit.Leaks;

/// <summary>Remembers the tasks a test starts; disposal waits for them and fails for those that never end or that fail.</summary>
public sealed class TaskTracker : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(string Name, Task Task)> _tasks = [];

    /// <summary>Remembers a task.</summary>
    /// <typeparam name="T">The type of the task.</typeparam>
    /// <param name="task">The task.</param>
    /// <param name="name">Filled in by the compiler.</param>
    /// <returns>The task.</returns>
    public T Track<T>(T task, [CallerArgumentExpression(nameof(task))] string? name = null) where T : Task
    {
        ArgumentNullException.ThrowIfNull(task);
        lock (_gate)
            _tasks.Add((name ?? "", task));
        return task;
    }

    /// <summary>Names the tasks that have not ended.</summary>
    public IReadOnlyList<string> Running
    {
        get
        {
            lock (_gate)
                return [.. _tasks.Where(static entry => !entry.Task.IsCompleted).Select(static entry => entry.Name)];
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        List<(string Name, Task Task)> tasks;
        lock (_gate)
            tasks = [.. _tasks];
        foreach (var (name, task) in tasks)
            await task.WithinSafetyLimitAsync($"the end of {name}");
    }
}
