using System.Net;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Tcp;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Hosting;

/// <summary>Options of a <see cref="Libp2pHost"/>. Not to be changed once it was created.</summary>
public sealed class Libp2pOptions
{
    /// <summary>What identify says this software is. Default <c>dotnet-libp2p</c>.</summary>
    public string AgentVersion { get; set; } = "dotnet-libp2p";

    /// <summary>What identify says the network is. Default <c>ipfs/0.1.0</c>, which others expect.</summary>
    public string ProtocolVersion { get; set; } = "ipfs/0.1.0";

    /// <summary>IP addresses that are neither told to peers nor dialled, such as those inside a tunnel that runs over this host. Called on any thread. Default: none.</summary>
    public Func<IPAddress, bool> IsExcluded { get; set; } = static _ => false;

    /// <summary>Connections that streams to one peer are spread over, one for each lane. Default 4.</summary>
    public int MaxConnectionsPerPeer { get; set; } = 4;

    /// <summary>Time for a new connection from the first byte to the multiplexer. Default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for a stream to agree on its protocol. Default 10 s.</summary>
    public TimeSpan NegotiationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for an exchange of identify messages. Default 10 s.</summary>
    public TimeSpan IdentifyTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time a peer has to finish its half of a stream whose handler is done. Default 10 s.</summary>
    public TimeSpan StreamLinger { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Encrypt with AES-256-GCM where the peer wants it too; with all others ChaCha20-Poly1305, as libp2p has it. Default: where the
    /// processor has instructions for it, as almost all but small ARM boards do. (Measured on an x86-64 with OpenSSL 3.0, through
    /// .NET: 0.6 µs against 0.9 for 64 bytes, 0.84 against 1.34 for 1,400, 13 against 19 for 64 KiB.)
    /// </summary>
    public bool PreferAes { get; set; } = System.Runtime.Intrinsics.X86.Aes.IsSupported || System.Runtime.Intrinsics.Arm.Aes.IsSupported;

    /// <summary>Sockets.</summary>
    public TcpOptions Tcp { get; set; } = new();

    /// <summary>The multiplexer.</summary>
    public YamuxOptions Yamux { get; set; } = new();

    /// <summary>Dialling.</summary>
    public DialOptions Dial { get; set; } = new();

    /// <summary>Limits.</summary>
    public HostLimits Limits { get; set; } = new();
}
