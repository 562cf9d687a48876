namespace SubnetVpn.Core.Frames;

/// <summary>The names of <see cref="FrameError"/> in counters and status: part of what operators rely on, so they stand here and are not derived.</summary>
internal static class FrameErrorNames
{
    public static string Of(FrameError error) => error switch
    {
        FrameError.None => "none",
        FrameError.InvalidLength => "invalid_length",
        FrameError.Truncated => "truncated",
        FrameError.InvalidOffload => "invalid_offload",
        FrameError.MalformedHello => "malformed_hello",
        FrameError.MalformedGoodbye => "malformed_goodbye",
        FrameError.UnexpectedFrame => "unexpected_frame",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, null),
    };
}
