using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench;

/// <summary>The programs of native/, as ../run compiles them.</summary>
internal static class Native
{
    public static string Pump => Built("pump");

    public static string Wire => Built("wire");

    public static string Flows => Built("flows");

    private static string Built(string name) => Path.Combine(Repository.Root, "artifacts", "bench", name);
}
