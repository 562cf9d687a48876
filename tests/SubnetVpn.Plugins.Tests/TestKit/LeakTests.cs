using SubnetVpn.TestKit.Leaks;

namespace SubnetVpn.Plugins.Tests.TestKit;

public sealed class LeakTests
{
    [Fact]
    public void FileDescriptors_FileIsOpened_IsCounted()
    {
        Assert.SkipUnless(FileDescriptors.CanCount, "There is no /proc here.");
        var path = Path.GetTempFileName();

        using (File.OpenRead(path))
            Assert.Equal(1, FileDescriptors.Count(path));
        Assert.Equal(0, FileDescriptors.Count(path));

        File.Delete(path);
    }

    [Fact(Timeout = 60_000)]
    public async Task TaskTracker_TasksEnd_ForgetsThem()
    {
        var end = new TaskCompletionSource();
        await using var tracker = new TaskTracker();

        _ = tracker.Track(end.Task);
        Assert.Equal(["end.Task"], tracker.Running);
        end.SetResult();

        Assert.Empty(tracker.Running);
    }

    [Fact(Timeout = 60_000)]
    public async Task TaskTracker_TaskFailed_FailsTheTest()
    {
        var tracker = new TaskTracker();
        _ = tracker.Track(Task.FromException(new InvalidTimeZoneException("A fault.")));

        await Assert.ThrowsAsync<InvalidTimeZoneException>(async () => await tracker.DisposeAsync());
    }
}
