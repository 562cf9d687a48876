using SubnetVpn.Resilience;

namespace SubnetVpn.TestKit.Resilience;

/// <summary>An operation that does what a test tells it, and remembers when it ran.</summary>
/// <param name="time">The clock.</param>
public sealed class ScriptedOperation(TimeProvider time)
{
    private readonly List<DateTimeOffset> _runs = [];

    /// <summary>What the next runs return; default: success with the number of the run.</summary>
    public Func<int, CancellationToken, ValueTask<OperationResult<int>>> Script { get; set; } = static (run, _) => ValueTask.FromResult(OperationResult<int>.Success(run));

    /// <summary>When it ran.</summary>
    public IReadOnlyList<DateTimeOffset> Runs => _runs;

    /// <summary>The pauses between the runs.</summary>
    public IReadOnlyList<TimeSpan> Pauses => [.. _runs.Zip(_runs.Skip(1), static (earlier, later) => later - earlier)];

    /// <summary>Makes every further run fail.</summary>
    /// <param name="error">What it says.</param>
    /// <param name="isPermanent">Whether trying again is of no use.</param>
    public void Fail(string error = "It does not work.", bool isPermanent = false) => Script = (_, _) => ValueTask.FromResult(OperationResult<int>.Failure(error, isPermanent));

    /// <summary>Makes every further run work.</summary>
    public void Succeed() => Script = static (run, _) => ValueTask.FromResult(OperationResult<int>.Success(run));

    /// <summary>The operation.</summary>
    /// <param name="cancellationToken">Passed on to the script.</param>
    public ValueTask<OperationResult<int>> RunAsync(CancellationToken cancellationToken)
    {
        _runs.Add(time.GetUtcNow());
        return Script(_runs.Count, cancellationToken);
    }
}
