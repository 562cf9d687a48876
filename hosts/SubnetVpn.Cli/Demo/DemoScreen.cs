using Spectre.Console;

namespace SubnetVpn.Cli.Demo;

/// <summary>Tells of the demo line by line, as it goes on.</summary>
internal sealed class DemoScreen(IAnsiConsole console)
{
    public void Title(string text) => console.Write(new Text(text + "\n", new Style(decoration: Decoration.Bold)));

    /// <summary>One line: what it is about, and what is to be said.</summary>
    public void Step(string subject, string text)
    {
        console.Write(new Text($"  {subject,-12} ", new Style(Color.Grey)));
        console.WriteLine(text);
    }
}
