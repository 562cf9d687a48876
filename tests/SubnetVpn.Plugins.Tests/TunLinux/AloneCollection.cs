namespace SubnetVpn.Plugins.Tests.TunLinux;

/// <summary>For tests that measure what the process allocates, or that load both cores.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
