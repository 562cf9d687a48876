namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Waits for a condition, not for time.</summary>
internal static class Wait
{
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
    }
}
