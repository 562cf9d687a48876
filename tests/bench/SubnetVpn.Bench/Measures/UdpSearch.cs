namespace SubnetVpn.Bench.Measures;

/// <summary>Finds the highest rate of UDP packets at which less than one in a hundred is lost.</summary>
internal static class UdpSearch
{
    /// <summary>The length of one run.</summary>
    public const int Seconds = 1;

    private const double MaxLoss = 0.01;
    private const double First = 20_000;
    private const double Least = 500;

    // The search ends when the least bad rate is at most 3 % above the greatest good one.
    private const double Precision = 1.03;
    private const double NearStep = 1.06, FarStep = 2;
    private const int MaxRuns = 30;

    // Below that share of what was asked for the sender could not send more.
    private const double Sends = 0.95;

    /// <summary>Searches. A rate is bad when it loses too much twice: one run may have met something else that the machine did.</summary>
    /// <param name="run">Runs at a rate for <see cref="Seconds"/>.</param>
    /// <param name="near">What was found before, from where the search begins in small steps; 0 when nothing was.</param>
    /// <param name="cancellationToken">Ends the search after a run.</param>
    /// <returns>Packets per second that arrived at the highest good rate, 0 when there was none; and whether the sender could not send more.</returns>
    public static async Task<(double Rate, bool IsSendersLimit)> FindHighestRateAsync(
        Func<double, Task<(double Arrived, double Sent, double Loss)>> run, double near, CancellationToken cancellationToken)
    {
        var (good, bad, arrived, runs, isSendersLimit) = (0.0, double.PositiveInfinity, 0.0, 0, false);
        var step = near > 0 ? NearStep : FarStep;
        for (var rate = near > 0 ? near / Math.Sqrt(NearStep) : First; bad / good > Precision && runs < MaxRuns && rate > Least && !isSendersLimit; rate = Next())
        {
            if (await IsGoodAsync(rate))
                good = rate;
            else
                bad = rate;
        }
        return (arrived, isSendersLimit);

        // Up until it is bad, or down until it is good; then between.
        double Next() => double.IsPositiveInfinity(bad) ? good * step : good == 0 ? bad / step : Math.Sqrt(good * bad);

        async Task<bool> IsGoodAsync(double rate)
        {
            for (var attempt = 0; attempt < 2; attempt++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                runs++;
                var result = await run(rate);
                if (result.Loss >= MaxLoss)
                    continue;
                (arrived, isSendersLimit) = (result.Arrived, Sends * rate > result.Sent);
                return true;
            }
            return false;
        }
    }
}
