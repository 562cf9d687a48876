using System.Security.Cryptography;
using System.Text;

namespace SubnetVpn.Discovery;

/// <summary>A peer's claim to an address. Of two claims to one address every node finds the same one to be the better.</summary>
/// <param name="Address">The address.</param>
/// <param name="Peer">Who claims it.</param>
/// <param name="IsAutomatic">Whether the peer chose it by itself (<c>virtual_ip: auto</c>), and not its operator.</param>
public readonly record struct AddressClaim(VirtualIp Address, PeerId Peer, bool IsAutomatic)
{
    /// <summary>
    /// Whether this claim is the better one: an operator's choice before an automatic one; then the peer whose id, hashed with the
    /// address (SHA-256 of the 4 or 16 bytes of the address and the id's text), is the smaller number. Between two different peers exactly one is better.
    /// </summary>
    /// <param name="other">A claim to the same address.</param>
    public bool IsBetterThan(in AddressClaim other)
    {
        if (IsAutomatic != other.IsAutomatic)
            return other.IsAutomatic;
        Span<byte> mine = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> theirs = stackalloc byte[SHA256.HashSizeInBytes];
        Rank(mine);
        other.Rank(theirs);
        return mine.SequenceCompareTo(theirs) < 0;
    }

    private void Rank(Span<byte> hash)
    {
        Span<byte> data = stackalloc byte[16 + 64];
        var length = Address.WriteBytes(data);
        // A peer id is ASCII, and at most 64 characters long.
        length += Encoding.ASCII.GetBytes(Peer.ToString(), data[length..]);
        SHA256.HashData(data[..length], hash);
    }
}
