namespace SubnetVpn.Core.Plugins.Tests.Options;

public sealed class UnsupportedOptions
{
    public Action? Callback { get; set; }
}
