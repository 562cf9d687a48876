using SubnetVpn.Core.Dispatch;

namespace SubnetVpn.Core.Tests.Dispatch;

public sealed class FlowTableTests
{
    private const int Keys = 200;

    // Hashes as they may come: spread out, all the same, all at the end of the table so that it goes around, few different ones.
    public static TheoryData<string, Func<int, int>> Hashes => new()
    {
        { "the key's own", static number => KeyOf(number).GetHashCode() },
        { "all the same", static _ => 42 },
        { "all the last slot", static number => unchecked((int)(0xFFFF_FFFF - ((uint)number % 3))) },
        { "around the end", static number => unchecked((int)((uint)(number % 7 - 3) << 26)) },
        { "five of them", static number => number % 5 * 0x3333_3333 },
    };

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Steps_AtRandom_LeaveWhatADictionaryHas(string name, Func<int, int> hashOf)
    {
        var (table, expected) = (new FlowTable(), new Dictionary<ConnectionKey, FlowWorker>());
        var random = new Random(name.Length);

        for (var step = 0; step < 20_000; step++)
        {
            // First mostly more, then mostly fewer, and again: it grows and shrinks.
            var isGrowing = step / 2500 % 2 == 0;
            var number = random.Next(Keys);
            if (random.Next(10) < (isGrowing ? 8 : 3))
                Add(number);
            else
                RemoveSome(random.Next(Keys));
            if (step % 100 == 0)
                table.Trim();
            AssertSame(number);
        }

        void Add(int number)
        {
            if (!expected.TryAdd(KeyOf(number), new FlowWorker(KeyOf(number))))
                return;
            table.Add(expected[KeyOf(number)], hashOf(number));
        }

        // Two at a time, next to each other perhaps.
        void RemoveSome(int number)
        {
            var (position, first, second) = (0UL, KeyOf(number), KeyOf(number + 1));
            while (table.Sweep(ref position, slots: 1 + (number % 16), worker => worker.IsOf(first) || worker.IsOf(second)))
            {
            }
            expected.Remove(first);
            expected.Remove(second);
        }

        void AssertSame(int number)
        {
            Assert.Equal(expected.Count, table.Count);
            Assert.Same(expected.GetValueOrDefault(KeyOf(number)), table.Find(KeyOf(number), hashOf(number)));
            Assert.InRange(table.Count, 0, table.Capacity * 3 / 4);
            if (number % 16 != 0)
                return;
            for (var key = 0; key < Keys; key++)
                Assert.Same(expected.GetValueOrDefault(KeyOf(key)), table.Find(KeyOf(key), hashOf(key)));
            var found = new List<FlowWorker>();
            foreach (var worker in table)
                found.Add(worker);
            Assert.Equal(expected.Count, found.Distinct().Count());
            Assert.Equal(expected.Count, found.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Sweep_OfNothingRemoved_SeesEveryWorkerOnce(string name, Func<int, int> hashOf)
    {
        var table = Fill(hashOf);
        var seen = new List<FlowWorker>();
        var position = 0UL;

        while (table.Sweep(ref position, slots: 3, worker =>
        {
            seen.Add(worker);
            return false;
        }))
        {
        }

        Assert.True(seen.Count == Keys, name);
        Assert.Equal(Keys, seen.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Sweep_OfAll_LeavesNothing(string name, Func<int, int> hashOf)
    {
        var table = Fill(hashOf);
        var position = 0UL;

        while (table.Sweep(ref position, slots: 5, static _ => true))
        {
        }

        // What lay around the end of the table may have moved to where the walk had been.
        position = 0;
        while (table.Sweep(ref position, slots: 5, static _ => true))
        {
        }
        Assert.True(table.Count == 0, name);
    }

    [Fact]
    public void Sweep_WhileTheTableGrows_GoesOnWhereItWas()
    {
        var (table, seen, position) = (new FlowTable(), new List<FlowWorker>(), 0UL);
        for (var number = 0; number < Keys / 2; number++)
            table.Add(new FlowWorker(KeyOf(number)), Spread(number));
        var isMore = table.Sweep(ref position, table.Capacity / 2, See);

        for (var number = Keys / 2; number < Keys * 8; number++)
            table.Add(new FlowWorker(KeyOf(number)), Spread(number));
        while (isMore)
            isMore = table.Sweep(ref position, slots: 64, See);

        // About a half of all: those that were there, the others in the second half. Not from the start again.
        Assert.InRange(seen.Count, Keys * 3, Keys * 5);
        Assert.Equal(seen.Count, seen.Distinct().Count());

        static int Spread(int number) => unchecked((int)((uint)number * 2_654_435_769));

        bool See(FlowWorker worker)
        {
            seen.Add(worker);
            return false;
        }
    }

    [Fact]
    public void Trim_AfterManyFlows_GivesTheMemoryBack()
    {
        var table = Fill(static number => KeyOf(number).GetHashCode());
        var (full, position) = (table.Capacity, 0UL);

        while (table.Sweep(ref position, slots: 100, static worker => worker.Key.SourcePort > 1))
        {
        }
        table.Trim();

        Assert.True(table.Capacity < full);
        Assert.NotNull(table.Find(KeyOf(1), KeyOf(1).GetHashCode()));
    }

    private static FlowTable Fill(Func<int, int> hashOf)
    {
        var table = new FlowTable();
        for (var number = 0; number < Keys; number++)
            table.Add(new FlowWorker(KeyOf(number)), hashOf(number));
        return table;
    }

    private static ConnectionKey KeyOf(int number) => new(VirtualIp.Parse("10.0.0.1"), VirtualIp.Parse("10.0.0.2"), 17, (ushort)number, 53);
}
