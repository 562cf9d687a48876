using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SubnetVpn.Registry.Http.Protocol;

/// <summary>
/// What is signed: lines that each end with a line feed. The protocol is written down, with examples of these bytes, in the
/// README of <c>samples/LeaseServer</c>.
/// </summary>
internal static class CanonicalText
{
    private const string RequestPurpose = "subnetvpn lease request v1";
    private const string ReplyPurpose = "subnetvpn lease reply v1";

    /// <summary>What a peer signs.</summary>
    /// <param name="method">In capitals.</param>
    /// <param name="authority">Host and port of the server that is meant, see <see cref="LeasePaths.AuthorityOf"/>.</param>
    /// <param name="target">The path from <c>/v1</c> on, with the query.</param>
    /// <param name="peer">Who signs.</param>
    /// <param name="time">Seconds since 1970 in UTC.</param>
    /// <param name="nonce">As in its header.</param>
    /// <param name="body">The body; empty when there is none.</param>
    public static byte[] OfRequest(string method, string authority, string target, PeerId peer, long time, string nonce, ReadOnlySpan<byte> body) =>
        Lines(RequestPurpose, method, authority, target, peer.ToString(), time.ToString(CultureInfo.InvariantCulture), nonce, Hash(body));

    /// <summary>What a server signs.</summary>
    /// <param name="method">Of the request.</param>
    /// <param name="target">Of the request.</param>
    /// <param name="nonce">Of the request.</param>
    /// <param name="status">Of the reply.</param>
    /// <param name="body">Of the reply.</param>
    public static byte[] OfReply(string method, string target, string nonce, int status, ReadOnlySpan<byte> body) =>
        Lines(ReplyPurpose, method, target, nonce, status.ToString(CultureInfo.InvariantCulture), Hash(body));

    private static string Hash(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private static byte[] Lines(params ReadOnlySpan<string> lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
}
