namespace SubnetVpn.Discovery;

/// <summary>
/// Companion of <see cref="IRecordStore"/> for those that can be in several networks of stores, or learn of first peers later. Ask for
/// it with <c>is</c>. Thread-safe.
/// </summary>
public interface IRecordStoreFactory
{
    /// <summary>
    /// Opens the store of a network. Those who open the same network share one store; it lives as long as who offers it.
    /// </summary>
    /// <param name="settings">Which network, and whom to ask first.</param>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Configuration"/>: an address is none, or names no peer.</exception>
    IRecordStore Open(RecordStoreSettings settings);
}
