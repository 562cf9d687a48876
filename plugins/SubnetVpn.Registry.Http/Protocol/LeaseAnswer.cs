namespace SubnetVpn.Registry.Http.Protocol;

/// <summary>An answer of the server.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Holder">Who holds the address; nobody unless <see cref="LeaseOutcome.Held"/>.</param>
/// <param name="ExpiresIn">How long for.</param>
/// <param name="Detail">A sentence for the operator, when nobody holds it.</param>
internal readonly record struct LeaseAnswer(LeaseOutcome Outcome, PeerId Holder, TimeSpan ExpiresIn, string? Detail)
{
    /// <summary>Whether the server said who holds the address, or that we may not.</summary>
    public bool IsAnswered => Outcome is LeaseOutcome.Held or LeaseOutcome.Free or LeaseOutcome.Refused;

    public static LeaseAnswer Held(PeerId holder, TimeSpan expiresIn) => new(LeaseOutcome.Held, holder, expiresIn, null);

    public static LeaseAnswer None(LeaseOutcome outcome, string detail) => new(outcome, default, TimeSpan.Zero, detail);
}
