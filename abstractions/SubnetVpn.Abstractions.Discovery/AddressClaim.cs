using System.Security.Cryptography;
using System.Text;

namespace SubnetVpn.Discovery;

/// <summary>A peer's claim to an address. Of two claims to one address every member of a network finds the same one to be the better.</summary>
/// <param name="Address">The address.</param>
/// <param name="Peer">Who claims it.</param>
/// <param name="IsAutomatic">Whether the peer chose it by itself (<c>virtual_ip: auto</c>), and not its operator.</param>
public readonly record struct AddressClaim(VirtualIp Address, PeerId Peer, bool IsAutomatic)
{
    /// <summary>The length of a rank, in bytes.</summary>
    public const int RankLength = 1 + HMACSHA256.HashSizeInBytes;

    /// <summary>
    /// Whether this claim is the better one: an operator's choice before an automatic one; then the peer whose <see cref="WriteRank">rank</see>
    /// is the smaller. Between two different peers exactly one is better.
    /// </summary>
    /// <param name="other">A claim to the same address.</param>
    /// <param name="key">The key of the network.</param>
    public bool IsBetterThan(in AddressClaim other, NetworkKey key)
    {
        Span<byte> mine = stackalloc byte[RankLength];
        Span<byte> theirs = stackalloc byte[RankLength];
        WriteRank(key, mine);
        other.WriteRank(key, theirs);
        return mine.SequenceCompareTo(theirs) < 0;
    }

    /// <summary>
    /// Writes the rank of the claim: of two claims to one address the one whose rank is the smaller, byte by byte, is the better. One byte
    /// that is 1 for an automatic claim, then an HMAC-SHA256 with a key that follows from the network's (purpose
    /// <c>subnetvpn address claim 1</c>) over the 4 or 16 bytes of the address and the text of the peer id: without the key of a
    /// private network it tells neither of them.
    /// </summary>
    /// <param name="key">The key of the network.</param>
    /// <param name="destination">Where its <see cref="RankLength"/> bytes go.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public void WriteRank(NetworkKey key, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (destination.Length < RankLength)
            throw new ArgumentException($"A rank has {RankLength} bytes.", nameof(destination));
        Span<byte> data = stackalloc byte[16 + 64];
        var length = Address.WriteBytes(data);
        // A peer id is ASCII, and at most 64 characters long.
        length += Encoding.ASCII.GetBytes(Peer.ToString(), data[length..]);
        Span<byte> claimKey = stackalloc byte[HMACSHA256.HashSizeInBytes];
        key.Derive("subnetvpn address claim 1", claimKey);
        destination[0] = IsAutomatic ? (byte)1 : (byte)0;
        HMACSHA256.HashData(claimKey, data[..length], destination[1..RankLength]);
    }
}
