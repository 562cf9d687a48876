using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.Transport.Memory;

/// <summary>The section <c>plugins: transport.memory:</c>.</summary>
public sealed class MemoryTransportOptions
{
    /// <summary><c>hub</c>: nodes of this process with the same hub can reach one another. Default: <c>default</c>.</summary>
    [Required]
    public string Hub { get; set; } = "default";

    /// <summary><c>delay</c>: how long bytes of this node are under way, one way. Default: none.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Delay { get; set; }

    /// <summary><c>bytes_per_second</c>: how fast this node can send to each peer. Default: 0, unlimited.</summary>
    [Range(0, long.MaxValue)]
    public long BytesPerSecond { get; set; }
}
