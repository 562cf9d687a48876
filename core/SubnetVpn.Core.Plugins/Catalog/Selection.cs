using System.Diagnostics.CodeAnalysis;

namespace SubnetVpn.Core.Plugins.Catalog;

/// <summary>What came of selecting a strategy by its name: the strategy, or an error.</summary>
public sealed class Selection
{
    internal Selection(SelectedStrategy strategy) => Strategy = strategy;

    internal Selection(SelectionFailure failure, string message) => Error = new SelectionError(failure, message);

    /// <summary>Whether there is a strategy.</summary>
    [MemberNotNullWhen(true, nameof(Strategy))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSelected => Strategy is not null;

    /// <summary>The strategy; null when there is an error.</summary>
    public SelectedStrategy? Strategy { get; }

    /// <summary>The error; null when there is a strategy.</summary>
    public SelectionError? Error { get; }
}
