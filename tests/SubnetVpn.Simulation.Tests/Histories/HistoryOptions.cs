using System.Globalization;

namespace SubnetVpn.Simulation.Tests.Histories;

/// <summary>What the environment says of the histories to run.</summary>
internal static class HistoryOptions
{
    /// <summary><c>SUBNETVPN_SIM_SEED</c>: the first seed. Default: 1.</summary>
    public static int FirstSeed => Read("SUBNETVPN_SIM_SEED") ?? 1;

    /// <summary><c>SUBNETVPN_SIM_COUNT</c>: how many histories; null for as many as the test has.</summary>
    public static int? Count => Read("SUBNETVPN_SIM_COUNT");

    /// <summary><c>SUBNETVPN_SIM_REPEAT</c>: how often each is run. Default: 1.</summary>
    public static int Repeat => Read("SUBNETVPN_SIM_REPEAT") ?? 1;

    /// <summary><c>SUBNETVPN_SIM_FAILURES</c>: after how many failures to stop. Default: 3.</summary>
    public static int MaxFailures => Read("SUBNETVPN_SIM_FAILURES") ?? 3;

    private static int? Read(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
