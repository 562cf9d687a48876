using Spectre.Console;

namespace SubnetVpn.Cli.Output;

/// <summary>The console that answers are written to.</summary>
internal static class Screen
{
    // Wide enough that nothing wraps in a file or a pipe.
    private const int WidthWhenRedirected = 4096;

    /// <summary>Coloured and as wide as the terminal; plain text when standard output is redirected.</summary>
    public static IAnsiConsole Create()
    {
        var redirected = Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
        });
        if (redirected)
            console.Profile.Width = WidthWhenRedirected;
        return console;
    }
}
