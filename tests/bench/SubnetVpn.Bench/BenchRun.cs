using System.Diagnostics;
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
        var chosen = contenders.Where(create => IsWanted(create())).ToList();
        for (var round = 1; round <= settings.Rounds; round++)
        {
            await Console.Error.WriteLineAsync($"{what}: round {round} of {settings.Rounds}");
            foreach (var create in chosen)
            {
                var contender = create();
                await TryAsync($"{what}, {contender.Name}, round {round}", async () =>
                {
                    await using var lab = await createLab();
                    await contender.StartAsync(lab);
                    await WaitUntilUpAsync(lab, contender);
                    await measure(lab, contender);
                });
            }
        }
    }

    /// <summary>Starts all contenders that are wanted and installed beside each other in each round, and looks at each after a rest.</summary>
    /// <param name="what">What is measured, for the screen.</param>
    /// <param name="contenders">Makes them.</param>
    /// <param name="createLab">Makes the two machines of a contender.</param>
    /// <param name="rest">How long all of them rest.</param>
    /// <param name="look">Looks at one that is up.</param>
    public async Task RestTogetherAsync(string what, IReadOnlyList<Func<Contender>> contenders, Func<Task<Lab>> createLab, TimeSpan rest, Action<Contender> look)
    {
        var chosen = contenders.Where(create => IsWanted(create())).ToList();
        for (var round = 1; round <= settings.Rounds; round++)
        {
            await Console.Error.WriteLineAsync($"{what}: round {round} of {settings.Rounds}");
            var labs = new List<Lab>();
            var up = new List<Contender>();
            try
            {
                foreach (var create in chosen)
                {
                    var contender = create();
                    await TryAsync($"{what}, {contender.Name}, round {round}", async () =>
                    {
                        var lab = await createLab();
                        labs.Add(lab);
                        await contender.StartAsync(lab);
                        await WaitUntilUpAsync(lab, contender);
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
        }
    }

    /// <summary>Measures something of this product alone, as often as there are rounds.</summary>
    public async Task RepeatAsync(string what, Func<Task> measure)
    {
        for (var round = 1; round <= settings.Rounds; round++)
        {
            await Console.Error.WriteLineAsync($"{what}: round {round} of {settings.Rounds}");
            await TryAsync($"{what}, round {round}", measure);
        }
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

    private async Task WaitUntilUpAsync(Lab lab, Contender contender)
    {
        var clock = Stopwatch.StartNew();
        while (!await RoundTrips.IsAnsweredAsync(lab, contender.Address))
        {
            if (clock.Elapsed > s_upTimeout)
                throw new TimeoutException($"it carries nothing. It said:\n{string.Join('\n', contender.Processes.Select(static process => process.Said))}");
            await Task.Delay(50, cancellation);
        }
    }
}
