namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>The section <c>control:</c> – how tools reach the running node.</summary>
public sealed class ControlOptions
{
    /// <summary>
    /// The Unix socket of the control API, for its owner only. A relative path counts from the folder of the configuration
    /// file. Default: <see cref="ControlSocketPath.Default"/>.
    /// </summary>
    public string Socket { get; set; } = ControlSocketPath.Default;
}
