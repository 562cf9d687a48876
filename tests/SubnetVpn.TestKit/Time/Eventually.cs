using System.Runtime.CompilerServices;

namespace SubnetVpn.TestKit.Time;

/// <summary>Waits for conditions and tasks, with a limit that only a broken test reaches.</summary>
public static class Eventually
{
    /// <summary>How long a test may wait for something that should come at once.</summary>
    public static readonly TimeSpan SafetyLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_slowPollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until a condition holds. Prefer something that can be awaited; this asks again and again.</summary>
    /// <param name="condition">The condition; must be cheap.</param>
    /// <param name="description">Filled in by the compiler.</param>
    public static Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? description = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return TrueAsync(() => Task.FromResult(condition()), description, state: null, s_pollInterval);
    }

    /// <summary>Waits until a condition of the outside world holds, such as what another process answers.</summary>
    /// <param name="condition">The condition; asked a few times a second.</param>
    /// <param name="description">What is waited for.</param>
    /// <param name="state">What to say beside it when it was waited for in vain.</param>
    public static Task TrueAsync(Func<Task<bool>> condition, string description, Func<string>? state = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return TrueAsync(condition, description, state, s_slowPollInterval);
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

    private static async Task TrueAsync(Func<Task<bool>> condition, string? description, Func<string>? state, TimeSpan pollInterval)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > SafetyLimit)
                Assert.Fail($"Waited {SafetyLimit} in vain for: {description}. {state?.Invoke()}");
            await Task.Delay(pollInterval, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
