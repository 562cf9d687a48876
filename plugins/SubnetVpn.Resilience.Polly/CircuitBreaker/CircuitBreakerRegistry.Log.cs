using Microsoft.Extensions.Logging;

namespace SubnetVpn.Resilience.Polly.CircuitBreaker;

internal sealed partial class CircuitBreakerRegistry
{
    private void Log(in CircuitChange change)
    {
        if (change.After == CircuitState.Open)
            LogOpened(_logger, change.Key, _settings.CircuitBreakerResetTimeout, change.Error);
        else if (change.After == CircuitState.HalfOpen)
            LogHalfOpened(_logger, change.Key);
        else
            LogClosed(_logger, change.Key);
    }

    [LoggerMessage(1, LogLevel.Warning, "The circuit of {Operation} opened: it is not tried for {ResetTimeout}. The last error: {Reason}")]
    private static partial void LogOpened(ILogger logger, ResilienceKey operation, TimeSpan resetTimeout, string? reason);

    [LoggerMessage(2, LogLevel.Information, "The circuit of {Operation} is half open: one attempt at a time is let through.")]
    private static partial void LogHalfOpened(ILogger logger, ResilienceKey operation);

    [LoggerMessage(3, LogLevel.Information, "The circuit of {Operation} closed.")]
    private static partial void LogClosed(ILogger logger, ResilienceKey operation);
}
