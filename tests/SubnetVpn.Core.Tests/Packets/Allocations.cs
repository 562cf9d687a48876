namespace SubnetVpn.Core.Tests.Packets;

/// <summary>Measures what code allocates in steady state.</summary>
internal static class Allocations
{
    private const int Rounds = 1000;
    private const int Tries = 10;

    /// <summary>
    /// Fails when running the code allocates, after it ran once. A collection that another test causes in the middle can
    /// shift the thread's own figure by part of an allocation context; what allocates in every run never shows 0, so
    /// one clean try of several is proof.
    /// </summary>
    public static void AssertNone(Action run)
    {
        run();
        var fewest = long.MaxValue;
        for (var attempt = 0; attempt < Tries && fewest != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < Rounds; round++)
                run();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, fewest);
    }
}
