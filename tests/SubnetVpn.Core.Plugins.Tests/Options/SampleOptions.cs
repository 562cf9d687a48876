using System.ComponentModel.DataAnnotations;
using SubnetVpn.Core.Plugins.Options;

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

public enum SampleMode
{
    LeastLoaded,
    RoundRobin,
}

public sealed class SamplePeer
{
    public required string Id { get; init; }

    [Required, MinLength(1)]
    public string[]? Addresses { get; set; }
}

public sealed class SampleNested
{
    [Range(0, 100)]
    public int Maximum { get; set; } = 5;

    public int Minimum { get; set; }
}

public sealed class UnsupportedOptions
{
    public Action? Callback { get; set; }
}

internal static class Sample
{
    public static (T Options, IReadOnlyList<ConfigurationMistake> Mistakes) Bind<T>(params (string Key, string? Value)[] settings) where T : class
    {
        var mistakes = new List<ConfigurationMistake>();
        var options = StrictBinder.Bind<T>(Configuration(settings).GetSection("plugins:sample"), mistakes);
        return (options, mistakes);
    }

    public static Microsoft.Extensions.Configuration.IConfiguration Configuration(params (string Key, string? Value)[] settings) =>
        new Microsoft.Extensions.Configuration.ConfigurationManager().Add(settings);

    private static Microsoft.Extensions.Configuration.ConfigurationManager Add(this Microsoft.Extensions.Configuration.ConfigurationManager configuration, (string Key, string? Value)[] settings)
    {
        foreach (var (key, value) in settings)
            configuration["plugins:sample:" + key] = value;
        return configuration;
    }
}
