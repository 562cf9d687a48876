namespace SubnetVpn.Libp2p.Dialling;

/// <summary>How peers are dialled.</summary>
public sealed class DialOptions
{
    /// <summary>Time for one address to answer on TCP. Default 15 s. The handshake has its own limit.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The same for loopback, private and link-local addresses. Default 5 s.</summary>
    public TimeSpan PrivateTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Time for another connection to a peer that has one already, before the stream is opened on the one there is.
    /// Default 3 s.
    /// </summary>
    public TimeSpan AdditionalTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long one address is given before the next is tried beside it. Default 250 ms.</summary>
    public TimeSpan Stagger { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Addresses of one peer that are tried at the same time. Default 8.</summary>
    public int MaxParallel { get; set; } = 8;

    /// <summary>Addresses of one peer that are tried at all; more are ignored. Default 32.</summary>
    public int MaxAddresses { get; set; } = 32;

    /// <summary>An address that failed is left alone for this long, plus the square of its failures in seconds. Default 5 s.</summary>
    public TimeSpan BackoffBase { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest it is left alone. Default 5 min. Zero: no backoff at all.</summary>
    public TimeSpan BackoffMax { get; set; } = TimeSpan.FromMinutes(5);
}
