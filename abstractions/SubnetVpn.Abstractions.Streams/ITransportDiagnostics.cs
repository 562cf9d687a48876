namespace SubnetVpn.Streams;

/// <summary>Companion of <see cref="ITransport"/> for those that can tell of their connections. Thread-safe.</summary>
public interface ITransportDiagnostics
{
    /// <summary>What is connected, and what was refused so far.</summary>
    TransportSnapshot GetSnapshot();
}
