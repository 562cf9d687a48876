using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.Core.Plugins.Tests.Options;

public sealed class SampleNested
{
    [Range(0, 100)]
    public int Maximum { get; set; } = 5;

    public int Minimum { get; set; }
}
