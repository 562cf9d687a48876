using Microsoft.Extensions.Logging;

namespace SubnetVpn.Resilience.Polly.CircuitBreaker;

internal sealed partial class CircuitBreakerRegistry
{
    private void LogChange(ResilienceKey key, CircuitState before, CircuitState after, string? error)
    {
        if (before == after)
            return;
        if (after == CircuitState.Open)
            LogOpened(logger, key, settings.CircuitBreakerResetTimeout, error);
        else if (after == CircuitState.HalfOpen)
            LogHalfOpened(logger, key);
        else
            LogClosed(logger, key);
    }

    [LoggerMessage(1, LogLevel.Warning, "The circuit of {Operation} opened: it is not tried for {ResetTimeout}. The last error: {Reason}")]
    private static partial void LogOpened(ILogger logger, ResilienceKey operation, TimeSpan resetTimeout, string? reason);

    [LoggerMessage(2, LogLevel.Information, "The circuit of {Operation} is half open: one attempt at a time is let through.")]
    private static partial void LogHalfOpened(ILogger logger, ResilienceKey operation);

    [LoggerMessage(3, LogLevel.Information, "The circuit of {Operation} closed.")]
    private static partial void LogClosed(ILogger logger, ResilienceKey operation);
}
