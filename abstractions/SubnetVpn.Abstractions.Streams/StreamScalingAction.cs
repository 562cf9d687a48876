namespace SubnetVpn.Streams;

/// <summary>Whether a pool should grow or shrink.</summary>
public enum StreamScalingAction
{
    /// <summary>Leave it.</summary>
    Stay,

    /// <summary>Open one more stream.</summary>
    Grow,

    /// <summary>Let one stream go.</summary>
    Shrink,
}
