namespace SubnetVpn.TestKit.Lab;

/// <summary>Waits for a condition of the outside world that has no event: asks again until it holds.</summary>
public static class Eventually
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _safetyTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Asks until the answer is true. The safety timeout is generous: it ends a test that has failed already.</summary>
    /// <exception cref="TimeoutException">It never was; the message says what was waited for, and what <paramref name="state"/> says.</exception>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, Func<string>? state = null)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(_safetyTimeout);
        while (!await condition())
        {
            try
            {
                await Task.Delay(_pause, TimeProvider.System, timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited in vain for this: {what}. {state?.Invoke()}");
            }
        }
    }

    public static Task HoldsAsync(Func<bool> condition, string what, Func<string>? state = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, state);
}
