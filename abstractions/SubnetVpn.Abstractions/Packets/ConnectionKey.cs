using System.Globalization;

namespace SubnetVpn;

/// <summary>
/// The flow a packet belongs to: the real 5-tuple. Packets of one key leave in the order they came. Thread-safe.
/// </summary>
/// <remarks>
/// Keys that have no ports:
/// <list type="bullet">
/// <item>every fragment of an IP datagram, the first one included, so that fragments stay together: ports 0, <see cref="IsFragment"/>;</item>
/// <item>protocols without ports (ICMP, GRE, ESP, …) and packets too short to hold them: ports 0.</item>
/// </list>
/// The text form is <c>sourcePort:destinationIP:destinationPort</c> with IPv6 in brackets; without ports it is the
/// destination address alone.
/// </remarks>
public readonly struct ConnectionKey : IEquatable<ConnectionKey>
{
    /// <summary>Makes a key.</summary>
    /// <param name="source">The source address.</param>
    /// <param name="destination">The destination address.</param>
    /// <param name="protocol">The IP protocol number, such as 6 for TCP; for IPv6 the upper-layer one.</param>
    /// <param name="sourcePort">The source port, or 0.</param>
    /// <param name="destinationPort">The destination port, or 0.</param>
    /// <param name="isFragment">Whether the packet is a fragment.</param>
    public ConnectionKey(VirtualIp source, VirtualIp destination, byte protocol, ushort sourcePort = 0, ushort destinationPort = 0, bool isFragment = false)
    {
        Source = source;
        Destination = destination;
        Protocol = protocol;
        SourcePort = sourcePort;
        DestinationPort = destinationPort;
        IsFragment = isFragment;
    }

    /// <summary>The source address.</summary>
    public VirtualIp Source { get; }

    /// <summary>The destination address.</summary>
    public VirtualIp Destination { get; }

    /// <summary>The source port; 0 where there is none.</summary>
    public ushort SourcePort { get; }

    /// <summary>The destination port; 0 where there is none.</summary>
    public ushort DestinationPort { get; }

    /// <summary>The IP protocol number, such as 6 for TCP.</summary>
    public byte Protocol { get; }

    /// <summary>Whether the key is that of fragments.</summary>
    public bool IsFragment { get; }

    /// <summary>Whether the key has ports.</summary>
    public bool HasPorts => (SourcePort | DestinationPort) != 0;

    /// <inheritdoc/>
    public bool Equals(ConnectionKey other) =>
        Source == other.Source && Destination == other.Destination && SourcePort == other.SourcePort &&
        DestinationPort == other.DestinationPort && Protocol == other.Protocol && IsFragment == other.IsFragment;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ConnectionKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        AddressHash.Of(Source, Destination, ((uint)SourcePort << 16) | DestinationPort, Protocol | (IsFragment ? 1u << 8 : 0));

    /// <summary><c>51820:10.0.0.2:443</c>, <c>51820:[fd00::2]:443</c>, or the destination address alone.</summary>
    public override string ToString()
    {
        if (!HasPorts)
            return Destination.ToString();
        return Destination.IsIPv4
            ? string.Create(CultureInfo.InvariantCulture, $"{SourcePort}:{Destination}:{DestinationPort}")
            : string.Create(CultureInfo.InvariantCulture, $"{SourcePort}:[{Destination}]:{DestinationPort}");
    }

    /// <summary>Whether two keys are the same flow.</summary>
    public static bool operator ==(ConnectionKey left, ConnectionKey right) => left.Equals(right);

    /// <summary>Whether two keys are different flows.</summary>
    public static bool operator !=(ConnectionKey left, ConnectionKey right) => !left.Equals(right);
}
