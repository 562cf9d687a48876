namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>The answer of <c>/v1/reload</c>. Keys are full paths, such as <c>vpn:unallowed_ports</c>.</summary>
public sealed record ReloadResult
{
    /// <summary>
    /// <c>unchanged</c>, <c>applied</c>, <c>restart_needed</c> (what could be applied was), <c>failed</c> (a network did not
    /// start anew), or <c>rejected</c> (nothing was changed).
    /// </summary>
    public required string Outcome { get; init; }

    /// <summary>Keys that changed and hold now.</summary>
    public IReadOnlyList<string> Applied { get; init; } = [];

    /// <summary>Keys that changed and wait for a restart.</summary>
    public IReadOnlyList<ReloadPending> NeedsRestart { get; init; } = [];

    /// <summary>Networks that were restarted.</summary>
    public IReadOnlyList<string> Restarted { get; init; } = [];

    /// <summary>Networks that are new and were started.</summary>
    public IReadOnlyList<string> Started { get; init; } = [];

    /// <summary>Networks that are gone and were stopped.</summary>
    public IReadOnlyList<string> Stopped { get; init; } = [];

    /// <summary>Networks that did not start anew, and why.</summary>
    public IReadOnlyList<ReloadFault> Failed { get; init; } = [];

    /// <summary>What is wrong with the configuration; empty when nothing is, or when it cannot be said as a list.</summary>
    public IReadOnlyList<ReloadMistake> Mistakes { get; init; } = [];

    /// <summary>When it was rejected: why, with every mistake, as <c>subnetvpnd --check</c> tells it.</summary>
    public string? Error { get; init; }
}
