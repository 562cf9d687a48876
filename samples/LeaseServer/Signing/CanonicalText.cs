using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SubnetVpn;

namespace LeaseServer.Signing;

/// <summary>What is signed, as the README says it, line by line.</summary>
internal static class CanonicalText
{
    public static byte[] OfRequest(string method, string authority, string target, PeerId peer, long time, string nonce, ReadOnlySpan<byte> body) =>
        Lines("subnetvpn lease request v1", method, authority, target, peer.ToString(), time.ToString(CultureInfo.InvariantCulture), nonce, Hash(body));

    public static byte[] OfReply(string method, string target, string nonce, int status, ReadOnlySpan<byte> body) =>
        Lines("subnetvpn lease reply v1", method, target, nonce, status.ToString(CultureInfo.InvariantCulture), Hash(body));

    private static string Hash(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private static byte[] Lines(params ReadOnlySpan<string> lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
}
