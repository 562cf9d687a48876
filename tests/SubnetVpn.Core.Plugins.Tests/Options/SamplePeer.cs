using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.Core.Plugins.Tests.Options;

public sealed class SamplePeer
{
    public required string Id { get; init; }

    [Required, MinLength(1)]
    public string[]? Addresses { get; set; }
}
