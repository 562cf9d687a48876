using SubnetVpn.Core.Frames;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Membership;

/// <summary>What a peer answered to our hello, or why it did not.</summary>
internal readonly record struct HelloAnswer
{
    private HelloAnswer(Greeting? greeting, OpenStreamFailure failure, string? detail) => (Greeting, Failure, Detail) = (greeting, failure, detail);

    /// <summary>Our number and the peer's hello; not null exactly when <see cref="Failure"/> is <see cref="OpenStreamFailure.None"/>.</summary>
    public Greeting? Greeting { get; }

    /// <summary>What the peer says of itself.</summary>
    public Hello? Hello => Greeting?.Peer;

    /// <summary>Why there is no hello.</summary>
    public OpenStreamFailure Failure { get; }

    /// <summary>A sentence for the operator; null with a hello.</summary>
    public string? Detail { get; }

    public static HelloAnswer Said(Greeting greeting) => new(greeting, OpenStreamFailure.None, null);

    public static HelloAnswer Failed(OpenStreamFailure failure, string detail) => new(null, failure, detail);
}
