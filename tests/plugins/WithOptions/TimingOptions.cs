using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.TestPlugins.WithOptions;

public sealed class TimingOptions
{
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan DialTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
