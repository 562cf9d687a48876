using SubnetVpn.Core.Hosting.Control.Reports;

namespace SubnetVpn.Core.Hosting.Invitations;

/// <summary>Whether an invitation is still to be used.</summary>
public static class InvitationExpiry
{
    /// <summary>What to say when it has expired; null when it has not.</summary>
    /// <param name="invitation">The invitation.</param>
    /// <param name="now">The time.</param>
    public static string? FindMistake(Invitation invitation, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(invitation);
        if (now < invitation.ExpiresAt)
            return null;
        return $"this token expired {HumanText.Duration(now - invitation.ExpiresAt)} ago, on {invitation.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC (it is {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC " +
            "by the clock of this machine). Ask for a new one: subnetvpn invite, on a member's machine.";
    }
}
