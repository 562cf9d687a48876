using Spectre.Console;

namespace SubnetVpn.Cli.Output;

/// <summary>States in colours: green is well, red is broken, yellow is on its way.</summary>
internal static class StateText
{
    public static Text Of(string state, string? text = null) => new(text ?? state, new Style(ColorOf(state)));

    private static Color ColorOf(string state) => state switch
    {
        "running" or "connected" or "active" or "ok" => Color.Green,
        "failed" or "failing" or "unreachable" or "incompatible" or "open" => Color.Red,
        "starting" or "stopping" or "half_open" => Color.Yellow,
        _ => Color.Default,
    };
}
