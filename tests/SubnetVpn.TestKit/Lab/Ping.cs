using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace SubnetVpn.TestKit.Lab;

/// <summary>A run of the system's ping.</summary>
/// <param name="Count">How many requests are judged.</param>
/// <param name="Missing">The numbers of those that were not answered.</param>
/// <param name="Duplicates">How many answers came twice.</param>
/// <param name="Result">All that ping said.</param>
public sealed partial record Ping(int Count, IReadOnlyList<int> Missing, int Duplicates, ExecResult Result)
{
    // After its last request ping waits only twice the longest round trip so far, so that answers count as lost when the
    // machine was busy for some milliseconds. More requests than are judged make it wait.
    private const int Trailing = 50;

    /// <summary>How many requests were sent.</summary>
    public int Sent => Count + Trailing;

    /// <summary>The line with the round trips.</summary>
    public string Summary => Result.Output.Trim().Split('\n')[^1];

    public static async Task<Ping> RunAsync(NetworkNamespace from, IPAddress address, int count, string interval)
    {
        Requirements.Command("ping", "iputils-ping");
        var result = await from.RunAsync("ping", "-i", interval, "-c", (count + Trailing).ToString(CultureInfo.InvariantCulture), address.ToString());
        var answered = Sequence().Matches(result.Output).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToHashSet();
        var duplicates = result.Output.Split("DUP!").Length - 1;
        return new Ping(count, [.. Enumerable.Range(1, count).Where(number => !answered.Contains(number))], duplicates, result);
    }

    /// <summary>Asserts that every request was answered once; a failure shows the log of the node.</summary>
    public void AssertLossless(LabNode node)
    {
        Assert.True(Missing.Count == 0 && Duplicates == 0, $"missing: {string.Join(", ", Missing)}; {Duplicates} duplicates\n{Result}\n{node.Log}");
    }

    [GeneratedRegex("icmp_seq=([0-9]+) ttl=")]
    private static partial Regex Sequence();
}
