using SubnetVpn.Tun;

namespace SubnetVpn.Core.Frames;

/// <summary>What a hello frame says. From a peer it is a claim: in bounds, but not verified.</summary>
internal sealed record Hello
{
    /// <summary>The longest packet the sender accepts in a packet frame, in bytes.</summary>
    public required int Mtu { get; init; }

    /// <summary>The addresses the sender says it holds.</summary>
    public IReadOnlyList<VirtualIp> VirtualIps { get; init; } = [];

    /// <summary>Whether the sender chose its IPv4 address by itself: it gives way to one whose operator chose.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>Which incomplete packets the sender accepts. Bits of a later version are left out.</summary>
    public TunCapabilities Offloads { get; init; }

    /// <summary>
    /// Of the opener: its number for this stream, larger than those of streams it opened before. Of the acceptor: a number that
    /// is another one each time its network starts. 0 when it gave none.
    /// </summary>
    public ulong Number { get; init; }

    /// <summary>
    /// In a network with a key: what the sender says to prove that it holds it. Not looked at elsewhere. From a peer it has the right
    /// length or none.
    /// </summary>
    public ReadOnlyMemory<byte> Proof { get; init; }

    /// <summary>Name and version of the sender's software; fit to be shown.</summary>
    public string AgentVersion { get; init; } = string.Empty;
}
