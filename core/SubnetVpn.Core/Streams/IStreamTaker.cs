using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

/// <summary>Takes the streams that a <see cref="PeerStreamOpener"/> opens.</summary>
internal interface IStreamTaker
{
    /// <summary>Before each dial: whether a stream is still wanted.</summary>
    bool WantsStream(OpenAttempt attempt);

    /// <summary>Takes a stream over, and waits until it has proven to live.</summary>
    /// <returns>Null when it lives, else how it ended.</returns>
    ValueTask<string?> TakeAsync(OpenAttempt attempt, IVpnStream stream);
}
