namespace SubnetVpn.Core.Hosting.Identity;

/// <summary>The identity, or the key of a network, cannot be read or written. The message says what is wrong, where, and how to mend it.</summary>
public sealed class IdentityException : VpnException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="message">What is wrong, where, and how to mend it.</param>
    /// <param name="innerException">What caused it, or null.</param>
    public IdentityException(IdentityFault fault, string message, Exception? innerException = null)
        : base(VpnErrorReason.Identity, message, innerException) => Fault = fault;

    /// <summary>What is wrong, more closely than <see cref="VpnException.Reason"/>, which is always <see cref="VpnErrorReason.Identity"/>.</summary>
    public IdentityFault Fault { get; }
}
