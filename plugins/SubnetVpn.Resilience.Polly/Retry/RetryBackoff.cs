namespace SubnetVpn.Resilience.Polly.Retry;

/// <summary>How long to pause between attempts. Pure but for the chance passed in.</summary>
/// <remarks>
/// The pause after attempt n (from 0) is <c>initial × 1.5ⁿ</c>, at most the maximum, ± 50 % by chance, and never above the
/// maximum: the growth and the spread of the original system.
/// </remarks>
internal static class RetryBackoff
{
    private const double Growth = 1.5;
    private const double Spread = 0.5;

    /// <summary>The pause after a failed attempt.</summary>
    /// <param name="settings">The first and the longest pause.</param>
    /// <param name="attempt">Which attempt failed, from 0.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static TimeSpan GetPause(ResilienceSettings settings, int attempt, double chance)
    {
        // In doubles, which grow beyond all bounds without harm.
        var middle = Math.Min(settings.RetryInitialInterval.TotalMilliseconds * Math.Pow(Growth, attempt), settings.RetryMaxInterval.TotalMilliseconds);
        var spread = middle * (1 - Spread + (2 * Spread * chance));
        return TimeSpan.FromMilliseconds(Math.Min(spread, settings.RetryMaxInterval.TotalMilliseconds));
    }
}
