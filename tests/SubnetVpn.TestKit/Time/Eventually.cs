using System.Runtime.CompilerServices;

namespace SubnetVpn.TestKit.Time;

/// <summary>Waits for conditions and tasks, with a limit that only a broken test reaches.</summary>
public static class Eventually
{
    /// <summary>How long a test may wait for something that should come at once.</summary>
    public static readonly TimeSpan SafetyLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until a condition holds. Prefer something that can be awaited; this asks again and again.</summary>
    /// <param name="condition">The condition; must be cheap.</param>
    /// <param name="description">Filled in by the compiler.</param>
    public static async Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? description = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < SafetyLimit, $"Waited {SafetyLimit} in vain for: {description}");
            await Task.Delay(s_pollInterval, TimeProvider.System);
        }
    }

    /// <summary>Waits for a task, but not for ever.</summary>
    /// <param name="task">The task.</param>
    /// <param name="description">Filled in by the compiler.</param>
    public static async Task WithinSafetyLimitAsync(this Task task, [CallerArgumentExpression(nameof(task))] string? description = null)
    {
        try
        {
            await task.WaitAsync(SafetyLimit);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            Assert.Fail($"Waited {SafetyLimit} in vain for: {description}");
        }
    }

    /// <summary>Waits for a task, but not for ever.</summary>
    /// <typeparam name="T">The type of its result.</typeparam>
    /// <param name="task">The task.</param>
    /// <param name="description">Filled in by the compiler.</param>
    public static async Task<T> WithinSafetyLimitAsync<T>(this Task<T> task, [CallerArgumentExpression(nameof(task))] string? description = null)
    {
        await WithinSafetyLimitAsync((Task)task, description);
        return await task;
    }

    /// <summary>Waits for a task, but not for ever.</summary>
    /// <typeparam name="T">The type of its result.</typeparam>
    /// <param name="task">The task.</param>
    /// <param name="description">Filled in by the compiler.</param>
    public static Task<T> WithinSafetyLimitAsync<T>(this ValueTask<T> task, [CallerArgumentExpression(nameof(task))] string? description = null) =>
        WithinSafetyLimitAsync(task.AsTask(), description);

    /// <summary>The result of something that must be done already: what is asked of synchronous paths. Allocates nothing.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="task">The task.</param>
    public static T Now<T>(this ValueTask<T> task)
    {
        Assert.True(task.IsCompleted, "It should have been done at once.");
        return task.GetAwaiter().GetResult();
    }
}
