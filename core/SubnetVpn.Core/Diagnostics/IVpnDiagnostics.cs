namespace SubnetVpn.Core.Diagnostics;

/// <summary>Tells what a network is doing, for the control API. Thread-safe.</summary>
public interface IVpnDiagnostics
{
    /// <summary>A snapshot of the network and of its peers.</summary>
    NetworkSnapshot GetSnapshot();
}
