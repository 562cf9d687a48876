namespace SubnetVpn.Core.Hosting.Invitations;

/// <summary>Why a text is no invitation.</summary>
public enum InvitationFault
{
    /// <summary>It is something else.</summary>
    NotAToken,

    /// <summary>It is of a version that this program does not know.</summary>
    UnknownVersion,

    /// <summary>It was cut or mistyped.</summary>
    Damaged,

    /// <summary>It is whole, and what it says must not be used.</summary>
    Unusable,
}
