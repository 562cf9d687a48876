using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

/// <summary>
/// A manual clock on which limits of <see cref="Patience"/> do not count: while a request is underway no timer is set on the manual
/// one, so that it can be moved whenever there is one.
/// </summary>
internal sealed class PatientClock(ManualTimeProvider manual) : TimeProvider
{
    public static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    public override long TimestampFrequency => manual.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => manual.GetUtcNow();

    public override long GetTimestamp() => manual.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        dueTime == Patience ? System.CreateTimer(callback, state, dueTime, period) : manual.CreateTimer(callback, state, dueTime, period);
}
