namespace SubnetVpn.Interop.Tests;

/// <summary>A command of a js peer failed, with this error of js-libp2p's.</summary>
internal sealed class JsError(string command, string name, string message) : Exception($"{command}: {name}: {message}")
{
    public string Name { get; } = name;
}
