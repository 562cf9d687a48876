using System.ComponentModel.DataAnnotations;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Transport.Libp2p.Records;

namespace SubnetVpn.Transport.Libp2p;

/// <summary>The section <c>plugins: transport.libp2p:</c>. The defaults suit a node in an open network.</summary>
public sealed class Libp2pTransportOptions : IValidatableObject
{
    /// <summary><c>dial_timeout</c>: time for one address of a peer to answer on TCP. Default: 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan DialTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary><c>dial_timeout_local</c>: the same for loopback, private and link-local addresses. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan DialTimeoutLocal { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary><c>dial_backoff</c>: an address that failed rests for this long, plus the square of its failures in seconds. Default: 0 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DialBackoff { get; set; }

    /// <summary><c>dial_backoff_max</c>: the longest it rests. 0: not at all. Default: 5 s; the resilience strategy decides on longer pauses.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DialBackoffMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary><c>handshake_timeout</c>: time from TCP to a secure connection, for both sides. Default: 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary><c>negotiation_timeout</c>: time for a stream to agree on its protocol. Default: 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan NegotiationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary><c>connections_per_peer</c>: connections that the streams to one peer are spread over. Default: 4.</summary>
    [Range(1, 64)]
    public int ConnectionsPerPeer { get; set; } = 4;

    /// <summary><c>max_connections_per_peer</c>: connections with one peer that are allowed, whoever made them. Default: 8.</summary>
    [Range(1, 256)]
    public int MaxConnectionsPerPeer { get; set; } = 8;

    /// <summary><c>max_connections</c>: connections of the node. Default: 1024.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 1024;

    /// <summary><c>max_pending_inbound</c>: inbound connections whose handshake is not finished. Default: 128.</summary>
    [Range(1, 100_000)]
    public int MaxPendingInbound { get; set; } = 128;

    /// <summary><c>max_pending_inbound_per_address</c>: the same from one IPv4 address or one IPv6 /64. Default: 16.</summary>
    [Range(1, 100_000)]
    public int MaxPendingInboundPerAddress { get; set; } = 16;

    /// <summary><c>inbound_rate_per_address</c>: new inbound connections a second from one address, in the long run. 0: any number. Default: 16.</summary>
    [Range(0.0, 1_000_000.0)]
    public double InboundRatePerAddress { get; set; } = 16;

    /// <summary><c>inbound_burst_per_address</c>: how many may come at once before that rate counts. Default: 64.</summary>
    [Range(1, 1_000_000)]
    public int InboundBurstPerAddress { get; set; } = 64;

    /// <summary><c>max_streams_per_connection</c>: streams of both directions on one connection. Default: 1024.</summary>
    [Range(1, 100_000)]
    public int MaxStreamsPerConnection { get; set; } = 1024;

    /// <summary><c>max_inbound_streams_per_connection</c>: streams that the peer may open on one connection. Default: 512.</summary>
    [Range(1, 100_000)]
    public int MaxInboundStreamsPerConnection { get; set; } = 512;

    /// <summary><c>max_stream_window</c>: bytes a peer may send on one stream before we have read them; grows from 256 KiB as needed. Default: 16 MiB.</summary>
    [Range(262_144, 1_073_741_824)]
    public int MaxStreamWindow { get; set; } = 16 * 1024 * 1024;

    /// <summary><c>max_receive_memory</c>: bytes received and not yet read, of all streams together. Default: 256 MiB.</summary>
    [Range(1_048_576, long.MaxValue)]
    public long MaxReceiveMemory { get; set; } = 256L * 1024 * 1024;

    /// <summary><c>keep_alive_interval</c>: how often a connection is pinged. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary><c>keep_alive_timeout</c>: a ping without an answer for this long, with nothing else received, ends the connection. Default: 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// <c>prefer_aes</c>: encrypt with AES-256-GCM where the peer wants it too, with all others with ChaCha20-Poly1305. Default: true where the
    /// processor has instructions for it, which makes it the faster one.
    /// </summary>
    public bool PreferAes { get; set; } = new Libp2pOptions().PreferAes;

    /// <summary>
    /// <c>congestion</c>: the congestion control to ask the kernel for (Linux); where it has none of that name, its default
    /// stays. <c>system</c>: do not ask. Default: <c>bbr</c>, which keeps its speed where packets are lost by chance.
    /// </summary>
    [Required]
    [RegularExpression("[a-z0-9_-]{1,15}", ErrorMessage = "must be the name of a congestion control, such as bbr or cubic, or system")]
    public string Congestion { get; set; } = "bbr";

    /// <summary><c>send_buffer</c>: bytes the kernel takes beyond what it can send right away (Linux). Low keeps delays short. 0: the kernel's default. Default: 128 KiB.</summary>
    [Range(0, 1_073_741_824)]
    public int SendBuffer { get; set; } = 128 * 1024;

    /// <summary><c>inline_readers</c>: who reads a stream goes on on the thread that receives. Saves a switch of threads; slow readers then delay the others of their connection. Default: false.</summary>
    public bool InlineReaders { get; set; }

    /// <summary>
    /// <c>dht</c>: whether the node answers others in the hash table of the record store. <c>auto</c>: if it listens, once something
    /// uses the store. <c>server</c>: from the start. <c>client</c>: never. <c>off</c>: there is no store. Default: auto.
    /// </summary>
    public DhtMode Dht { get; set; } = DhtMode.Auto;

    /// <summary><c>dht_protocol</c>: the protocol id, which is the name of the hash table. Default: <c>/subnetvpn/kad/1.0.0</c>.</summary>
    [Required]
    [RegularExpression("[!-~]{1,128}", ErrorMessage = "must be a protocol id, such as /subnetvpn/kad/1.0.0 or /ipfs/kad/1.0.0")]
    public string DhtProtocol { get; set; } = "/subnetvpn/kad/1.0.0";

    /// <summary><c>dht_bootstrap</c>: peers to ask first, as multiaddresses that end in their peer id. Default: none.</summary>
    public IReadOnlyList<string> DhtBootstrap { get; set; } = [];

    /// <summary><c>dht_alpha</c>: requests of one lookup that are under way at once. Default: 3.</summary>
    [Range(1, 20)]
    public int DhtAlpha { get; set; } = 3;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var address in DhtBootstrap)
        {
            if (!BootstrapAddress.TryParse(address, out _, out var error))
            {
                yield return new ValidationResult(error, [nameof(DhtBootstrap)]);
            }
        }

        if (ConnectionsPerPeer > MaxConnectionsPerPeer)
        {
            yield return new ValidationResult("must be at most max_connections_per_peer", [nameof(ConnectionsPerPeer)]);
        }

        if (MaxInboundStreamsPerConnection > MaxStreamsPerConnection)
        {
            yield return new ValidationResult("must be at most max_streams_per_connection", [nameof(MaxInboundStreamsPerConnection)]);
        }
    }
}
