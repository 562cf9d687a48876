using SubnetVpn.Core.Frames;

namespace SubnetVpn.Core.Membership;

/// <summary>The hellos of a stream were exchanged when it was opened.</summary>
/// <param name="Number">Our number for the stream.</param>
/// <param name="Peer">What the acceptor said; in a network with a key it has proven that it holds it.</param>
internal sealed record Greeting(ulong Number, Hello Peer);
