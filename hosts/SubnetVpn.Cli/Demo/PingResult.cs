using System.Globalization;

namespace SubnetVpn.Cli.Demo;

/// <summary>What a series of echo requests brought.</summary>
internal sealed record PingResult(int Sent, IReadOnlyList<TimeSpan> RoundTrips)
{
    /// <summary>For example <c>20 of 20 answered, round trip 0.07 ms at best, 0.31 ms on average, 1.02 ms at worst</c>.</summary>
    public override string ToString()
    {
        if (RoundTrips.Count == 0)
            return string.Create(CultureInfo.InvariantCulture, $"0 of {Sent} answered");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{RoundTrips.Count} of {Sent} answered, round trip {RoundTrips.Min().TotalMilliseconds:0.00} ms at best, {RoundTrips.Average(time => time.TotalMilliseconds):0.00} ms on average, {RoundTrips.Max().TotalMilliseconds:0.00} ms at worst");
    }
}
