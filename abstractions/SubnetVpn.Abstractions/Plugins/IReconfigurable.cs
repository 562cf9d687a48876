namespace SubnetVpn.Plugins;

/// <summary>
/// Companion of strategies that take new settings while they run, such as a scheduler with
/// <c>IReconfigurable&lt;SchedulerSettings&gt;</c> or a resilience policy with <c>IReconfigurable&lt;ResilienceSettings&gt;</c>.
/// For one without it, a change of these settings waits for a restart of its network.
/// </summary>
/// <typeparam name="TSettings">The settings, an immutable type that the strategy also gets when it is made.</typeparam>
public interface IReconfigurable<in TSettings> where TSettings : class
{
    /// <summary>
    /// Takes new settings. What begins afterwards goes by them; what is going on may end by the old ones. Called after the
    /// strategy was made and before it is disposed of, at the same time as its other members; must not block, and not throw.
    /// </summary>
    /// <param name="settings">The new settings, validated.</param>
    void Apply(TSettings settings);
}
