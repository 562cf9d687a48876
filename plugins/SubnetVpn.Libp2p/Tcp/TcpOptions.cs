namespace SubnetVpn.Libp2p.Tcp;

/// <summary>How sockets are set up. What the system does not know is left as it is.</summary>
public sealed class TcpOptions
{
    /// <summary>
    /// Congestion control to ask for (Linux). Default <c>bbr</c>, which keeps its speed where packets are lost by chance.
    /// When the kernel has no such algorithm, its default stays; a connection tells which one it got. Null: do not ask.
    /// </summary>
    public string? Congestion { get; set; } = "bbr";

    /// <summary>
    /// Bytes the kernel takes beyond what it can send right away (Linux, TCP_NOTSENT_LOWAT). Low keeps queues, and so
    /// delays, short. Default 128 KiB. Zero: the kernel's default.
    /// </summary>
    public int NotSentLowWaterBytes { get; set; } = 128 * 1024;

    /// <summary>
    /// The longest pause before lost bytes are sent again, in milliseconds (Linux 6.15, TCP_RTO_MAX_MS: 1000 to 120000). The
    /// kernel doubles the pause each time, up to two minutes, so that a connection whose path was broken for 10 s may stay
    /// silent for another 10 s. With 2 s it goes on within 2 s; where there is no answer for some 30 s, it ends. Default
    /// 2000. Zero: the kernel's default.
    /// </summary>
    public int MaxRetransmitIntervalMilliseconds { get; set; } = 2000;

    /// <summary>
    /// Wait for sockets on threads of this library, which take what arrives themselves, instead of the sockets of .NET, which hand it to
    /// the thread pool. Linux only. Default: on Linux.
    /// </summary>
    public bool UseEventLoop { get; set; } = OperatingSystem.IsLinux();

    /// <summary>Connections the kernel holds until they are accepted. Default 512.</summary>
    public int ListenBacklog { get; set; } = 512;

    /// <summary>Idle time before the kernel probes a silent peer, in seconds. Default 60. Zero: no probes.</summary>
    public int KeepAliveSeconds { get; set; } = 60;
}
