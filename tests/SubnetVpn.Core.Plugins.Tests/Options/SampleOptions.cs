using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.Core.Plugins.Tests.Options;

public sealed class SampleOptions : IValidatableObject
{
    [Range(576, 9000)]
    public int Mtu { get; set; } = 1400;

    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan DialTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public string? VirtualIp6 { get; set; }

    public bool Enable { get; set; } = true;

    public ushort? Port { get; set; }

    public SampleMode Mode { get; init; } = SampleMode.LeastLoaded;

    public IReadOnlyList<string> Routes { get; set; } = ["0.0.0.0/0"];

    public HashSet<ushort> UnallowedPorts { get; set; } = [];

    public List<SamplePeer> Peers { get; set; } = [];

    public Dictionary<string, SampleNested> Networks { get; set; } = [];

    public SampleNested Retry { get; set; } = new() { Maximum = 7 };

    public VirtualIp? Gateway { get; set; }

    public double Weight { get; set; } = 0.5;

    public int Computed => Mtu * 2;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Retry.Maximum < Retry.Minimum)
            yield return new ValidationResult("must not be below the minimum.", [nameof(Retry)]);
    }
}
