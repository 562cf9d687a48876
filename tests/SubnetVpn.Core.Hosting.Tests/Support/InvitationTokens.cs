using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SubnetVpn.Core.Hosting.Invitations;

namespace SubnetVpn.Core.Hosting.Tests.Support;

/// <summary>Tokens that the product would not make: of any message, with a good checksum.</summary>
internal static class InvitationTokens
{
    public static string Seal(byte[] message)
    {
        var hash = SHA256.HashData([.. Encoding.ASCII.GetBytes("subnetvpn invitation 1:"), .. message]);
        return "svpn1" + Base64Url.EncodeToString([.. message, .. hash[..4]]);
    }

    public static string Seal(Invitation invitation) => Seal(InvitationEncoding.Write(invitation));
}
