using SubnetVpn.Core.Membership;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

/// <summary>Takes the streams that a <see cref="PeerStreamOpener"/> opens.</summary>
internal interface IStreamTaker
{
    /// <summary>The peer, and where it is to be dialled now: discovery may have learned more since the last dial.</summary>
    PeerEndpoint Endpoint { get; }

    /// <summary>Before each dial: whether a stream is still wanted.</summary>
    bool WantsStream(OpenAttempt attempt);

    /// <summary>A dial has failed: it gave no stream.</summary>
    void Unreached();

    /// <summary>Takes a stream over, and waits until it has proven to live.</summary>
    /// <param name="attempt">The attempt that opened it.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="greeting">The hellos, when they were exchanged already.</param>
    /// <returns>Null when it lives, else how it ended.</returns>
    ValueTask<string?> TakeAsync(OpenAttempt attempt, IVpnStream stream, Greeting? greeting);
}
