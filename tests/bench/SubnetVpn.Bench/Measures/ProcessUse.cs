using System.Globalization;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Measures;

/// <summary>What processes use, of Linux's /proc.</summary>
internal static class ProcessUse
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on all of Linux's architectures.

    /// <summary>Seconds of processor time of all of them so far, in user and kernel mode.</summary>
    public static double CpuSeconds(IEnumerable<LabProcess> processes) => processes.Sum(static process =>
    {
        // proc(5): after the name, which is in brackets, utime and stime are the 12th and 13th field.
        var stat = File.ReadAllText($"/proc/{process.Id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    });

    /// <summary>The resident memory of the largest of them, in MB.</summary>
    public static double ResidentMegabytes(IReadOnlyList<LabProcess> processes) => processes.Count == 0 ? 0 : processes.Max(static process => process.ResidentBytes) / 1e6;
}
