namespace SubnetVpn;

/// <summary>
/// The root of what SubnetVpn throws for faults that a user can mend. The message says what, where, and how to mend it,
/// and is fit to be shown as it is.
/// </summary>
public class VpnException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="reason">The kind of fault.</param>
    /// <param name="message">What is wrong, where, and how to mend it.</param>
    /// <param name="innerException">What caused it, or null.</param>
    public VpnException(VpnErrorReason reason, string message, Exception? innerException = null)
        : base(message, innerException) => Reason = reason;

    /// <summary>The kind of fault.</summary>
    public VpnErrorReason Reason { get; }
}
