namespace SubnetVpn.Core.Plugins.Catalog;

/// <summary>Why a strategy cannot be selected, fit to be shown as it is.</summary>
/// <param name="Failure">The kind of fault.</param>
/// <param name="Message">What is wrong, where (plugin and file), and how to mend it.</param>
public sealed record SelectionError(SelectionFailure Failure, string Message);
