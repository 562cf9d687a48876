using System.Security.Cryptography;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Membership;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Core.Tests.Membership;

public sealed class MembershipProofTests
{
    private static readonly byte[] s_key = RandomNumberGenerator.GetBytes(32);
    private static readonly MembershipProof s_proof = new(
        MembershipRole.Opener, "/vpn/2.0.0", RandomNumberGenerator.GetBytes(32), TestPeers.Create(1), TestPeers.Create(2), 7);

    public static TheoryData<string> Bindings => ["role", "protocol", "connection", "opener", "acceptor", "both", "number"];

    [Fact]
    public void Proof_OfTheSame_IsRight()
    {
        var proof = s_proof.Compute(s_key);

        Assert.Equal(MembershipProof.Length, proof.Length);
        Assert.True(s_proof.IsProvenBy(proof, s_key));
        Assert.True((s_proof with { ChannelBinding = s_proof.ChannelBinding.ToArray() }).IsProvenBy(proof, s_key));
    }

    [Theory]
    [MemberData(nameof(Bindings))]
    public void Proof_OfAnother_IsWrong(string binding)
    {
        var other = binding switch
        {
            "role" => s_proof with { Role = MembershipRole.Acceptor },
            "protocol" => s_proof with { Protocol = "/vpn/2.0.0/home" },
            "connection" => s_proof with { ChannelBinding = RandomNumberGenerator.GetBytes(32) },
            "opener" => s_proof with { Opener = TestPeers.Create(3) },
            "acceptor" => s_proof with { Acceptor = TestPeers.Create(3) },
            "both" => s_proof with { Opener = s_proof.Acceptor, Acceptor = s_proof.Opener },
            _ => s_proof with { Number = 8 },
        };

        Assert.False(other.IsProvenBy(s_proof.Compute(s_key), s_key));
    }

    [Fact]
    public void Proof_WithAnotherKey_IsWrong() => Assert.False(s_proof.IsProvenBy(s_proof.Compute(RandomNumberGenerator.GetBytes(32)), s_key));

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Proof_OfAnotherLength_IsWrong(int length)
    {
        var proof = s_proof.Compute(s_key);
        Array.Resize(ref proof, length);

        Assert.False(s_proof.IsProvenBy(proof, s_key));
    }

    // What one part ends with, the next could begin with.
    [Fact]
    public void Proof_PartsMovedAcrossTheirBounds_IsWrong()
    {
        var one = s_proof with { Protocol = "/vpn/2.0.0", ChannelBinding = "ab"u8.ToArray() };
        var other = s_proof with { Protocol = "/vpn/2.0.0a", ChannelBinding = "b"u8.ToArray() };

        Assert.False(other.IsProvenBy(one.Compute(s_key), s_key));
    }

    [Fact]
    public void Membership_BothEndsOfAStream_CheckEachOther()
    {
        var key = NetworkKey.FromSecret(RandomNumberGenerator.GetBytes(32));
        var (opener, acceptor) = (MembershipOf(key, 1), MembershipOf(key, 2));
        var (opened, accepted) = (StreamTo(2, isInbound: false), StreamTo(1, isInbound: true));

        Assert.True(acceptor.Check(accepted, 5, opener.Prove(opened, 5)));
        Assert.True(opener.Check(opened, 5, acceptor.Prove(accepted, 5)));
        // Sent back to where it came from.
        Assert.False(opener.Check(opened, 5, opener.Prove(opened, 5)));
        Assert.False(acceptor.Check(accepted, 6, opener.Prove(opened, 5)));
        Assert.False(MembershipOf(NetworkKey.FromSecret(new byte[32]), 2).Check(accepted, 5, opener.Prove(opened, 5)));
    }

    [Fact]
    public void Membership_OfAnOpenNetwork_IsNone()
    {
        Assert.Null(NetworkMembership.Of(Settings(NetworkKey.Open("default")), TestPeers.Create(1)));
        Assert.Null(NetworkMembership.Of(Settings(null), TestPeers.Create(1)));
    }

    private static NetworkMembership MembershipOf(NetworkKey key, int self) => NetworkMembership.Of(Settings(key), TestPeers.Create(self))!;

    private static NetworkSettings Settings(NetworkKey? key) => new() { Addresses = [], NetworkKey = key };

    private static VpnStreamInfo StreamTo(int peer, bool isInbound) => new()
    {
        Peer = TestPeers.Create(peer),
        Protocol = "/vpn/2.0.0",
        Name = "test",
        IsInbound = isInbound,
        RemoteAddress = "/memory/test",
        ChannelBinding = new byte[32],
    };
}
