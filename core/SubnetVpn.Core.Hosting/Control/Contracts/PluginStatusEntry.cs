namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>One plugin.</summary>
public sealed record PluginStatusEntry
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its version; null when its manifest cannot be read, as with the following.</summary>
    public string? Version { get; init; }

    /// <summary>The version of the contracts it was built for.</summary>
    public string? Contract { get; init; }

    /// <summary><c>active</c>, <c>incompatible</c>, <c>failed</c> or <c>disabled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is not active; null when it is.</summary>
    public string? Reason { get; init; }

    /// <summary>Its strategies, such as <c>discovery:static</c>.</summary>
    public required IReadOnlyList<string> Provides { get; init; }

    /// <summary>The systems it is for.</summary>
    public required IReadOnlyList<string> Platforms { get; init; }

    /// <summary><c>experimental</c>, <c>beta</c> or <c>stable</c>.</summary>
    public string? Stability { get; init; }

    /// <summary>One line for people.</summary>
    public string? Description { get; init; }

    /// <summary>Its folder.</summary>
    public required string Directory { get; init; }
}
