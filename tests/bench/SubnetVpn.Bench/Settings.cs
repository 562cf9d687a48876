using System.CommandLine;

namespace SubnetVpn.Bench;

/// <summary>What the command line asks for.</summary>
/// <param name="Rounds">Rounds of each measure; the contenders take turns.</param>
/// <param name="Seconds">Length of one TCP measurement.</param>
/// <param name="Sections">Of: tcp, ping, udp, memory, start, wires, keys, peers.</param>
/// <param name="Only">Names of contenders; empty for all that are installed.</param>
/// <param name="Output">Where the report goes beside the standard output; null for nowhere.</param>
internal sealed record Settings(int Rounds, int Seconds, IReadOnlyList<string> Sections, IReadOnlyList<string> Only, string? Output)
{
    private static readonly string[] AllSections = ["tcp", "ping", "udp", "memory", "start", "wires", "keys", "peers"];

    public bool Wants(string section) => Sections.Contains(section);

    public static RootCommand Command(Func<Settings, CancellationToken, Task<int>> run)
    {
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 5, Description = "Rounds of each measure; contenders take turns" };
        var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 3, Description = "Length of one TCP measurement" };
        var sections = new Option<string[]>("--sections") { DefaultValueFactory = _ => AllSections, AllowMultipleArgumentsPerToken = true, Description = "What to measure" };
        sections.AcceptOnlyFromAmong(AllSections);
        var only = new Option<string[]>("--only") { DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true, Description = "Contenders to measure, such as wireguard-go; default: all that are installed" };
        var output = new Option<string?>("--output") { Description = "A file for the report, such as tests/bench/results.md" };
        var command = new RootCommand("Measures nodes beside other VPNs between two network namespaces.") { rounds, seconds, sections, only, output };
        command.SetAction((parsed, cancellationToken) => run(new Settings(
            parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(sections)!, parsed.GetValue(only)!, parsed.GetValue(output)), cancellationToken));
        return command;
    }
}
