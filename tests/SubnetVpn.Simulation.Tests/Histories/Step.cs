namespace SubnetVpn.Simulation.Tests.Histories;

/// <summary>One step of a history.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="A">The node it begins at.</param>
/// <param name="B">The other node.</param>
/// <param name="X">A flow, a stream, milliseconds, or bytes a second.</param>
/// <param name="Count">Packets.</param>
/// <param name="Length">Bytes of each.</param>
/// <param name="Rest">Whether what follows from it happens before the next step.</param>
internal readonly record struct Step(StepKind Kind, int A, int B, int X, int Count, int Length, bool Rest)
{
    public override string ToString() => Kind switch
    {
        StepKind.Send => $"{A}→{B} sends {Count} × {Length} B of flow {X}",
        StepKind.SendAll => $"{A}→{B} sends {Count} × {Length} B of every flow",
        StepKind.ResetWhileSending => $"all streams of {A} and {B} are reset while {A} sends {Count} × {Length} B of every flow",
        StepKind.ResetStream => $"stream {X} of {A}→{B} is reset",
        StepKind.Delay => $"delay {A}→{B} is {X} ms",
        StepKind.Bandwidth => $"bandwidth {A}→{B} is {X} B/s",
        StepKind.Advance => $"{X} ms pass",
        StepKind.Limits => $"{A} may have {1 + (X % 3)} to {1 + (X % 3) + (X / 3)} streams",
        StepKind.Pause or StepKind.Resume => $"{Kind} {A}→{B}",
        StepKind.Refuse => $"the TUN device of {A} refuses every {X}th packet",
        StepKind.Block or StepKind.Unblock => $"{Kind} the TUN device of {A}",
        StepKind.Stop or StepKind.Crash or StepKind.Start => $"{Kind} {A}",
        _ => $"{Kind} {A} and {B}",
    } + (Rest ? "" : ", and at once");
}
