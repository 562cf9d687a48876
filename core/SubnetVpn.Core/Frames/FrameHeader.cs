namespace SubnetVpn.Core.Frames;

/// <summary>The header of a frame that was read, and whose length is in bounds.</summary>
/// <param name="Type">The type; may be one that is not known, whose body is to be skipped.</param>
/// <param name="BodyLength">Bytes that follow the header.</param>
internal readonly record struct FrameHeader(FrameType Type, int BodyLength)
{
    /// <summary>Whether the type is one of <see cref="FrameType"/>.</summary>
    public bool IsKnown => Type <= FrameType.Account;
}
