namespace SubnetVpn.Core.Frames;

/// <summary>What a goodbye frame says.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Text">More words on it; fit to be shown. May be empty.</param>
internal sealed record Goodbye(GoodbyeReason Reason, string Text);
