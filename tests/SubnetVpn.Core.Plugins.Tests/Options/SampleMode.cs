namespace SubnetVpn.Core.Plugins.Tests.Options;

public enum SampleMode
{
    LeastLoaded,
    RoundRobin,
}
