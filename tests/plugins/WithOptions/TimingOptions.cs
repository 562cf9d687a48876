using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.TestPlugins.WithOptions;

public sealed class TimingOptions : IValidatableObject
{
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan DialTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        DialTimeout == TimeSpan.FromSeconds(13) ? throw new InvalidOperationException("thirteen is bad luck") : [];
}
