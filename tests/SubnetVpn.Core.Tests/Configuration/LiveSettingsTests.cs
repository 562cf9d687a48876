using SubnetVpn.Core.Configuration;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Core.Tests.Configuration;

public sealed class LiveSettingsTests
{
    private static readonly NetworkSettings s_settings = new() { Addresses = [], CleanupInterval = TimeSpan.FromSeconds(60) };

    [Fact]
    public void Watch_UntilDisposed_HearsOfEveryChange()
    {
        var live = new LiveSettings(s_settings);
        var heard = new List<int>();

        var watching = live.Watch(settings => heard.Add(settings.MaxStreamsPerPeer));
        live.Current = s_settings with { MaxStreamsPerPeer = 20 };
        watching.Dispose();
        live.Current = s_settings with { MaxStreamsPerPeer = 30 };

        Assert.Equal([10, 20], heard);
        Assert.Equal(30, live.Current.MaxStreamsPerPeer);
    }

    [Fact]
    public void Timer_IntervalMadeShorter_TicksAfterTheNewOne()
    {
        var (time, live, ticks) = (new ManualTimeProvider(), new LiveSettings(s_settings), 0);
        using var timer = new SettingsTimer(time, live, settings => settings.CleanupInterval, () => ticks++);

        time.Advance(TimeSpan.FromSeconds(30));
        live.Current = s_settings with { CleanupInterval = TimeSpan.FromSeconds(5) };
        time.Advance(TimeSpan.FromSeconds(4));
        var before = ticks;
        time.Advance(TimeSpan.FromSeconds(1));
        var first = ticks;
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal((0, 1, 3), (before, first, ticks));
    }

    [Fact]
    public void Timer_AnotherSettingChanges_TicksWhenItWouldHave()
    {
        var (time, live, ticks) = (new ManualTimeProvider(), new LiveSettings(s_settings), 0);
        using var timer = new SettingsTimer(time, live, settings => settings.CleanupInterval, () => ticks++);

        time.Advance(TimeSpan.FromSeconds(59));
        live.Current = s_settings with { WarmInterval = TimeSpan.FromSeconds(5) };
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, ticks);
    }

    [Fact]
    public void Timer_Disposed_IsNotRearmed()
    {
        var (time, live, ticks) = (new ManualTimeProvider(), new LiveSettings(s_settings), 0);
        var timer = new SettingsTimer(time, live, settings => settings.CleanupInterval, () => ticks++);

        timer.Dispose();
        live.Current = s_settings with { CleanupInterval = TimeSpan.FromSeconds(5) };
        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, ticks);
    }
}
