using System.Reflection;
using Autofac.Core;

namespace SubnetVpn.Core.Plugins.Composition;

/// <summary>Finds what a strategy threw beneath what the composition wraps it in.</summary>
public static class StrategyFault
{
    private const string BlamedKey = "SubnetVpn.Plugin";

    /// <summary>The fault that is fit to be shown; null when there is none beneath the exception.</summary>
    /// <param name="exception">What resolving threw.</param>
    public static VpnException? Find(Exception? exception)
    {
        while (exception is not null and not VpnException)
            exception = exception.InnerException;
        return exception as VpnException;
    }

    /// <summary>Notes that a plugin was blamed for a fault, so that those that depend on its strategy are not.</summary>
    /// <param name="fault">The fault.</param>
    internal static void Blame(VpnException fault) => fault.Data[BlamedKey] = true;

    /// <summary>Whether a plugin was blamed for the fault beneath an exception.</summary>
    /// <param name="exception">What resolving threw.</param>
    internal static bool IsBlamed(Exception exception) => Find(exception)?.Data.Contains(BlamedKey) == true;

    /// <summary>What was thrown beneath the composition's and reflection's own exceptions.</summary>
    /// <param name="exception">What resolving threw.</param>
    internal static Exception Unwrap(Exception exception)
    {
        while (exception is DependencyResolutionException or TargetInvocationException && exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }
}
