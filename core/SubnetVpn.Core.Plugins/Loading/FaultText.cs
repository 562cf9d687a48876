using System.Reflection;

namespace SubnetVpn.Core.Plugins.Loading;

/// <summary>Tells of an exception in one line.</summary>
internal static class FaultText
{
    /// <summary>The exception beneath what reflection and type initialisers wrap it in: its message, and its type when that is not plain.</summary>
    /// <param name="exception">What was thrown.</param>
    public static string Of(Exception exception)
    {
        while (exception is TargetInvocationException or TypeInitializationException && exception.InnerException is { } inner)
            exception = inner;
        var message = exception.Message.ReplaceLineEndings(" ").TrimEnd();
        if (!message.EndsWith('.'))
            message += '.';
        return exception is VpnException ? message : $"{exception.GetType().Name}: {message}";
    }
}
