namespace SubnetVpn.Streams;

/// <summary>What a scheduler wants of a pool.</summary>
/// <param name="Action">Grow by one, shrink by one, or stay.</param>
/// <param name="StreamId">With <see cref="StreamScalingAction.Shrink"/>: the <see cref="StreamLoad.Id"/> of the stream to let go. It gets no more flows; those it has move to other streams, in order.</param>
public readonly record struct StreamScaling(StreamScalingAction Action, int StreamId = 0)
{
    /// <summary>Leave the pool as it is.</summary>
    public static StreamScaling Stay => default;

    /// <summary>Open one more stream.</summary>
    public static StreamScaling Grow => new(StreamScalingAction.Grow);

    /// <summary>Let one stream go.</summary>
    /// <param name="streamId">Its <see cref="StreamLoad.Id"/>.</param>
    public static StreamScaling Shrink(int streamId) => new(StreamScalingAction.Shrink, streamId);
}
