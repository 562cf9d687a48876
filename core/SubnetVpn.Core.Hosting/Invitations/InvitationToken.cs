using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace SubnetVpn.Core.Hosting.Invitations;

/// <summary>
/// An invitation as one word that can be sent by mail or chat:
/// <code>
/// svpn1 | base64url( InvitationMessage | first 4 bytes of SHA-256("subnetvpn invitation 1:" | InvitationMessage) )
/// </code>
/// The checksum is against mistakes, not against forgers: a token says what its maker wants, so what is in it is checked before it is used.
/// </summary>
public static partial class InvitationToken
{
    /// <summary>The most characters that <see cref="Encode"/> makes.</summary>
    public const int MaxLength = 600;

    // What is longer was made by nobody; later versions of the same format may say a little more than this one.
    private const int MaxReadLength = 4096;
    private const string Prefix = "svpn";
    private const string Version = "1";
    private const int ChecksumLength = 4;

    private static ReadOnlySpan<byte> Purpose => "subnetvpn invitation 1:"u8;

    /// <summary>Writes an invitation. Of bootstrap addresses as many as there is room for, from the first.</summary>
    /// <param name="invitation">The invitation.</param>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Configuration"/>: it says something that no newcomer would accept; the message says what.</exception>
    public static string Encode(Invitation invitation)
    {
        ArgumentNullException.ThrowIfNull(invitation);
        if (InvitationRules.FindMistake(invitation) is { } mistake)
            throw new VpnException(VpnErrorReason.Configuration, $"nobody can be invited to the network '{invitation.Network}': {mistake}.");
        while (true)
        {
            var token = Write(InvitationEncoding.Write(invitation));
            if (token.Length <= MaxLength || invitation.Bootstrap.Count == 0)
                return token;
            invitation = invitation with { Bootstrap = [.. invitation.Bootstrap.SkipLast(1)] };
        }
    }

    /// <summary>Reads a token. White space in it, such as mail programs add, does not matter.</summary>
    /// <param name="text">The token; null and anything else is none.</param>
    /// <param name="invitation">The invitation, which may have expired; null when there is a fault.</param>
    /// <param name="mistake">What is wrong and how to mend it, in words for the user; null when nothing is.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static InvitationFault? TryDecode(string? text, out Invitation? invitation, out string? mistake)
    {
        invitation = null;
        var token = string.Concat((text ?? string.Empty).Take(MaxReadLength + 1).Where(static character => !char.IsWhiteSpace(character)));
        var fault = TryRead(token, out var found);
        mistake = fault switch
        {
            InvitationFault.NotAToken => $"this is no invitation token: it begins with '{Prefix}{Version}', and 'subnetvpn invite' on a member's machine prints one",
            InvitationFault.UnknownVersion => $"this token is of another version than this program, {VpnVersion.Text}, can read: update SubnetVpn here, or ask for a token made by the version that you have",
            InvitationFault.Damaged => "this token is damaged: a part of it is missing, or a character was changed. Copy all of it, or ask for it again",
            _ => null,
        };
        if (fault is not null)
            return fault;
        if (InvitationRules.FindMistake(found!) is { } rule)
        {
            mistake = $"this token is not to be used: {rule}. Ask whoever sent it";
            return InvitationFault.Unusable;
        }
        invitation = found;
        return null;
    }

    private static InvitationFault? TryRead(string token, out Invitation? invitation)
    {
        invitation = null;
        var head = Head().Match(token);
        if (!head.Success)
            return InvitationFault.NotAToken;
        // The message begins with a byte whose base64 is no digit, so all digits are the version.
        if (head.Groups[1].Value != Version)
            return InvitationFault.UnknownVersion;
        if (token.Length > MaxReadLength)
            return InvitationFault.Damaged;
        var body = token[(Prefix.Length + Version.Length)..];
        var bytes = new byte[Base64Url.GetMaxDecodedLength(body.Length)];
        if (!Base64Url.IsValid(body) || !Base64Url.TryDecodeFromChars(body, bytes, out var length) || length <= ChecksumLength)
            return InvitationFault.Damaged;
        var message = bytes.AsSpan(0, length - ChecksumLength);
        // Compared as text: some texts differ in bits that decoding drops.
        if (Write(message.ToArray()) != token)
            return InvitationFault.Damaged;
        return InvitationEncoding.TryRead(message, out invitation) ? null : InvitationFault.Damaged;
    }

    private static string Write(byte[] message)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. Purpose, .. message], hash);
        return Prefix + Version + Base64Url.EncodeToString([.. message, .. hash[..ChecksumLength]]);
    }

    [GeneratedRegex("^svpn([0-9]+)")]
    private static partial Regex Head();
}
