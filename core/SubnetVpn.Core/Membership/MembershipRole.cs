namespace SubnetVpn.Core.Membership;

/// <summary>Which end of a stream proves that it is a member: the proof of one end is none of the other.</summary>
internal enum MembershipRole
{
    /// <summary>Who opened the stream.</summary>
    Opener,

    /// <summary>Who accepted it.</summary>
    Acceptor,
}
