namespace SubnetVpn.TestPlugins.Faulty;

public sealed class UnsupportedOptions
{
    public Action? Callback { get; set; }
}
