using System.Diagnostics;
using System.Net;
using SubnetVpn.Bench.Contenders;
using SubnetVpn.Bench.Measures;
using SubnetVpn.Bench.Reports;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench;

/// <summary>
/// What the sections of a run share. Contenders take turns, so that a noisy machine is noisy for each of them, and run alone, in a
/// lab of their own: what the others do when idle must not wake the processor for them.
/// </summary>
/// <param name="settings">What was asked for.</param>
/// <param name="figures">Where the figures go.</param>
/// <param name="cancellation">Ends the run after what is measured at that moment.</param>
internal sealed class BenchRun(Settings settings, Figures figures, CancellationToken cancellation)
{
    private static readonly TimeSpan s_upTimeout = TimeSpan.FromSeconds(30);

    private readonly List<string> _failures = [];

    public Settings Settings => settings;

    public Figures Figures => figures;

    public CancellationToken Cancellation => cancellation;

    /// <summary>What could not be measured, and why.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public DateTimeOffset StartedAt { get; } = TimeProvider.System.GetUtcNow();

    /// <summary>Lets each contender that is wanted and installed have its turn in each round.</summary>
    /// <param name="what">What is measured, for the screen.</param>
    /// <param name="contenders">Makes them.</param>
    /// <param name="createLab">Makes the two machines of a turn.</param>
    /// <param name="measure">Measures one that is up.</param>
    public async Task TakeTurnsAsync(string what, IReadOnlyList<Func<Contender>> contenders, Func<Task<Lab>> createLab, Func<Lab, Contender, Task> measure)
    {
        var chosen = Choose(contenders);
        await RoundsAsync(what, async round =>
        {
            foreach (var create in chosen)
            {
                var contender = create();
                await TryAsync($"{what}, {contender.Name}, {round}", async () =>
                {
                    await using var lab = await createLab();
                    await BringUpAsync(lab, contender);
                    await measure(lab, contender);
                });
            }
        });
    }

    /// <summary>Starts all contenders that are wanted and installed beside each other in each round, and looks at each after a rest.</summary>
    /// <param name="what">What is measured, for the screen.</param>
    /// <param name="contenders">Makes them.</param>
    /// <param name="createLab">Makes the two machines of a contender.</param>
    /// <param name="rest">How long all of them rest.</param>
    /// <param name="look">Looks at one that is up.</param>
    public async Task RestTogetherAsync(string what, IReadOnlyList<Func<Contender>> contenders, Func<Task<Lab>> createLab, TimeSpan rest, Action<Contender> look)
    {
        var chosen = Choose(contenders);
        await RoundsAsync(what, async round =>
        {
            var labs = new List<Lab>();
            var up = new List<Contender>();
            try
            {
                foreach (var create in chosen)
                {
                    var contender = create();
                    await TryAsync($"{what}, {contender.Name}, {round}", async () =>
                    {
                        var lab = await createLab();
                        labs.Add(lab);
                        await BringUpAsync(lab, contender);
                        up.Add(contender);
                    });
                }
                await Task.Delay(rest, cancellation);
                up.ForEach(look);
            }
            finally
            {
                foreach (var lab in labs)
                    await lab.DisposeAsync();
            }
        });
    }

    /// <summary>Measures something of this product alone, as often as there are rounds.</summary>
    public Task RepeatAsync(string what, Func<Task> measure) => RoundsAsync(what, round => TryAsync($"{what}, {round}", measure));

    /// <summary>Starts two nodes of this product, and waits until packets go from one to the other.</summary>
    public async Task StartAsync(Lab lab, LabNode a, LabNode b)
    {
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        await WaitUntilUpAsync(lab, b.VirtualIp, [a.Process, b.Process]);
    }

    /// <summary>Notes what could not be measured, and why, for the report.</summary>
    public void Fail(string what, string why) => _failures.Add($"{what}: {why}");

    // One that fails does not keep the rest: the report tells of it.
    private async Task TryAsync(string what, Func<Task> measure)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            await measure();
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or IOException && !cancellation.IsCancellationRequested)
        {
            Fail(what, exception.Message.Split('\n')[0]);
            await Console.Error.WriteLineAsync($"{what} failed: {exception.Message}");
        }
    }

    private bool IsWanted(Contender contender)
    {
        if (settings.Only.Count > 0 && !settings.Only.Contains(contender.Name))
            return false;
        var missing = contender.Needs.Where(static need => Exec.Find(need.Command) is null).Select(static need => need.Package).Distinct().ToList();
        if (missing.Count > 0)
            Console.Error.WriteLine($"{contender.Name} is left out: {string.Join(", ", missing)} is not installed.");
        return missing.Count == 0;
    }

    private async Task RoundsAsync(string what, Func<string, Task> run)
    {
        for (var round = 1; round <= settings.Rounds; round++)
        {
            await Console.Error.WriteLineAsync($"{what}: round {round} of {settings.Rounds}");
            await run($"round {round}");
        }
    }

    private List<Func<Contender>> Choose(IReadOnlyList<Func<Contender>> contenders) => [.. contenders.Where(create => IsWanted(create()))];

    private async Task BringUpAsync(Lab lab, Contender contender)
    {
        await contender.StartAsync(lab);
        await WaitUntilUpAsync(lab, contender.Address, contender.Processes);
    }

    private async Task WaitUntilUpAsync(Lab lab, IPAddress address, IReadOnlyList<LabProcess> processes)
    {
        var clock = Stopwatch.StartNew();
        while (!await RoundTrips.IsAnsweredAsync(lab, address))
        {
            if (clock.Elapsed > s_upTimeout)
                throw new TimeoutException($"it carries nothing. It said:\n{string.Join('\n', processes.Select(static process => process.Said))}");
            await Task.Delay(50, cancellation);
        }
    }
}
