using SubnetVpn.Core.Hosting.Invitations;
using SubnetVpn.Core.Hosting.Tests.Support;

namespace SubnetVpn.Core.Hosting.Tests.Invitations;

public sealed class InvitationTokenTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    public static TheoryData<bool> Kinds => [true, false];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void RoundTrip_Invitation_IsTheSame(bool isFull)
    {
        var invitation = isFull ? TestInvitations.Full : TestInvitations.Least;

        var token = InvitationToken.Encode(invitation);
        var fault = InvitationToken.TryDecode(token, out var read, out var mistake);

        TestContext.Current.TestOutputHelper?.WriteLine($"{token.Length} characters: {token}");
        Assert.Null(fault);
        Assert.Null(mistake);
        Assert.StartsWith("svpn1", token, StringComparison.Ordinal);
        Assert.Matches("^[A-Za-z0-9_-]+$", token);
        Assert.Equal((invitation.Network, invitation.Subnet, invitation.Subnet6, invitation.DhtProtocol, invitation.ExpiresAt), (read!.Network, read.Subnet, read.Subnet6, read.DhtProtocol, read.ExpiresAt));
        Assert.Equal(invitation.Secret.ToArray(), read.Secret.ToArray());
        Assert.Equal(invitation.Bootstrap, read.Bootstrap);
        Assert.Equal(invitation.Inviter, read.Inviter);
    }

    [Fact]
    public void TryDecode_WhiteSpaceOfAMailProgram_DoesNotMatter()
    {
        var token = InvitationToken.Encode(TestInvitations.Full);

        var fault = InvitationToken.TryDecode($"  {token[..40]}\r\n\t{token[40..]}\n", out var read, out _);

        Assert.Null(fault);
        Assert.Equal("office", read!.Network);
    }

    [Fact]
    public void TryDecode_EveryCut_IsRefused()
    {
        var token = InvitationToken.Encode(TestInvitations.Full);

        for (var length = 0; length < token.Length; length++)
        {
            AssertRefused(token[..length]);
            AssertRefused(token[..length] + token[(length + 1)..]);
        }
        for (var start = 1; start < token.Length; start++)
            AssertRefused(token[start..]);
    }

    [Fact]
    public void TryDecode_EveryCharacterChanged_IsRefused()
    {
        var token = InvitationToken.Encode(TestInvitations.Full);

        for (var i = 0; i < token.Length; i++)
            foreach (var other in Alphabet.Where(other => other != token[i]))
                AssertRefused(token[..i] + other + token[(i + 1)..]);
    }

    [Fact]
    public void TryDecode_TwoCharactersExchanged_IsRefused()
    {
        var token = InvitationToken.Encode(TestInvitations.Full);

        for (var i = 0; i + 1 < token.Length; i++)
            if (token[i] != token[i + 1])
                AssertRefused($"{token[..i]}{token[i + 1]}{token[i]}{token[(i + 2)..]}");
    }

    [Theory]
    [InlineData(null, InvitationFault.NotAToken, "subnetvpn invite")]
    [InlineData("", InvitationFault.NotAToken, "subnetvpn invite")]
    [InlineData("hello", InvitationFault.NotAToken, "begins with 'svpn1'")]
    [InlineData("SVPN1CgdkZWZhdWx0", InvitationFault.NotAToken, "begins with 'svpn1'")]
    [InlineData("svpn2CgdkZWZhdWx0", InvitationFault.UnknownVersion, "update SubnetVpn")]
    [InlineData("svpn10CgdkZWZhdWx0", InvitationFault.UnknownVersion, "update SubnetVpn")]
    [InlineData("svpn1", InvitationFault.Damaged, "Copy all of it")]
    [InlineData("svpn1C", InvitationFault.Damaged, "Copy all of it")]
    [InlineData("svpn1CgdkZWZhdWx0", InvitationFault.Damaged, "Copy all of it")]
    [InlineData("svpn1Cgd*ZWZhdWx0", InvitationFault.Damaged, "Copy all of it")]
    public void TryDecode_SomethingElse_SaysWhatItIs(string? text, InvitationFault expected, string words)
    {
        var fault = InvitationToken.TryDecode(text, out var invitation, out var mistake);

        Assert.Equal(expected, fault);
        Assert.Null(invitation);
        Assert.Contains(words, mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(5_000_000)]
    public void TryDecode_EndlessToken_IsRefusedWithoutReadingIt(int length)
    {
        var token = "svpn1" + new string('C', length);
        _ = InvitationToken.TryDecode("svpn1CC", out _, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = InvitationToken.TryDecode(token, out _, out _);

        Assert.Equal(InvitationFault.Damaged, fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);
    }

    [Fact]
    public void TryDecode_RandomBytesWithAGoodChecksum_IsRefusedOrUsable()
    {
        var random = new Random(4);
        for (var i = 0; i < 2000; i++)
        {
            var message = new byte[random.Next(1, 200)];
            random.NextBytes(message);
            AssertRefused(InvitationTokens.Seal(message));
        }
    }

    [Fact]
    public void Encode_ManyAddresses_KeepsTheFirstThatFit()
    {
        var many = Enumerable.Range(1, 60).Select(number => $"/ip4/192.0.2.{number}/tcp/4001/p2p/{TestInvitations.Peer}").ToList();

        var token = InvitationToken.Encode(TestInvitations.Full with { Bootstrap = many });
        InvitationToken.TryDecode(token, out var read, out _);

        Assert.InRange(token.Length, 500, InvitationToken.MaxLength);
        Assert.InRange(read!.Bootstrap.Count, 4, 59);
        Assert.Equal(many.Take(read.Bootstrap.Count), read.Bootstrap);
    }

    [Fact]
    public void ToString_Invitation_HoldsNoSecret()
    {
        var text = TestInvitations.Full.ToString();

        Assert.Equal("invitation to office until 2026-11-22 12:00:00Z", text);
    }

    private static void AssertRefused(string token)
    {
        var fault = InvitationToken.TryDecode(token, out var invitation, out var mistake);

        Assert.NotNull(fault);
        Assert.Null(invitation);
        Assert.NotNull(mistake);
    }
}
