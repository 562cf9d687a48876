using System.Globalization;
using LeaseServer.Http;
using SubnetVpn;

namespace LeaseServer.Signing;

/// <summary>Finds out which peer sent a request, and that it did so just now, to this server, and once. Thread-safe.</summary>
internal sealed class RequestVerifier
{
    private const int MinNonceLength = 16;
    private const int MaxNonceLength = 64;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(5);

    private readonly IEd25519 _signatures;
    private readonly Func<IReadOnlyList<string>> _authorities;
    private readonly Func<PeerId, bool> _mayLease;
    private readonly TimeProvider _time;
    private readonly NonceMemory _nonces;
    private readonly long _startedAt;

    /// <param name="signatures">Verifies.</param>
    /// <param name="authorities">The hosts and ports of this server.</param>
    /// <param name="mayLease">Whether a peer may have a lease of any network.</param>
    /// <param name="time">The clock.</param>
    public RequestVerifier(IEd25519 signatures, Func<IReadOnlyList<string>> authorities, Func<PeerId, bool> mayLease, TimeProvider time)
    {
        (_signatures, _authorities, _mayLease, _time) = (signatures, authorities, mayLease, time);
        // From the earliest moment that is accepted to the latest.
        _nonces = new NonceMemory(time, 2 * s_window);
        _startedAt = time.GetUtcNow().ToUnixTimeSeconds();
    }

    /// <summary>Whether a text can be a nonce.</summary>
    public static bool IsNonce(string text) =>
        text.Length is >= MinNonceLength and <= MaxNonceLength && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Verifies a request.</summary>
    /// <returns>Nothing, when <paramref name="peer"/> sent it; or why it is refused.</returns>
    public Problem? Verify(SignedParts parts, string method, string target, ReadOnlySpan<byte> body, out PeerId peer)
    {
        Span<byte> key = stackalloc byte[32];
        if (!PeerId.TryParse(parts.Peer, out peer) || !peer.TryGetEd25519Key(key))
            return Problem.NotSigned("Lease-Peer must be the peer id of an Ed25519 key, such as 12D3KooW….");
        if (!long.TryParse(parts.Time, NumberStyles.None, CultureInfo.InvariantCulture, out var time))
            return Problem.NotSigned("Lease-Time must be the seconds since 1970 in UTC.");
        if (!IsNonce(parts.Nonce))
            return Problem.NotSigned("Lease-Nonce must be 16 to 64 characters of base64url, other ones each time.");
        var signature = new byte[64];
        if (!Convert.TryFromBase64String(parts.Signature, signature, out var length) || length != signature.Length)
            return Problem.NotSigned("Lease-Signature must be 64 bytes in base64.");

        var now = _time.GetUtcNow();
        if (Math.Abs((decimal)now.ToUnixTimeSeconds() - time) > (decimal)s_window.TotalSeconds)
            return Problem.ClockSkew(now, $"It was signed at another time than now, which is {now:u}: set the clock of the node.");
        // What was sent before is not remembered.
        if (time < _startedAt)
            return Problem.ClockSkew(now, "It was signed before this server started: sign it anew; if it was, the clock of the node is slow.");
        foreach (var authority in _authorities())
            if (_signatures.Verify(key, CanonicalText.OfRequest(method, authority, target, peer, time, parts.Nonce, body), signature))
                // What strangers sent is not remembered: they get nothing, however often, and must not fill the memory of those who do.
                return _mayLease(peer) ? Remember(peer, parts.Nonce) : null;
        return Problem.BadSignature($"The signature is wrong, or for another server than {string.Join(" or ", _authorities())}: use that in the url, or add the name that clients use to Leases:Authorities.");
    }

    private Problem? Remember(PeerId peer, string nonce) => _nonces.Add(peer, nonce) switch
    {
        NonceVerdict.New => null,
        NonceVerdict.Replayed => Problem.Replayed(),
        NonceVerdict.TooMany => Problem.TooManyRequests("This peer sends too many signed requests: renew once per lease."),
        _ => Problem.Busy(),
    };
}
