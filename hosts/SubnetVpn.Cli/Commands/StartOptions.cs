using System.CommandLine;

namespace SubnetVpn.Cli.Commands;

/// <summary>Options of the commands that start a node.</summary>
internal sealed class StartOptions
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    public Option<string?> Config { get; } = new("--config", "-c")
    {
        Description = "The configuration file. Default: /etc/subnetvpn/node.yaml for root on Linux, else subnetvpn.yaml in this folder.",
        HelpName = "FILE",
    };

    public Option<TimeSpan> Timeout { get; } = DurationOption.Create("--timeout", "How long to wait", s_timeout);

    public Option<bool> Foreground { get; } = new("--foreground") { Description = "Run the node here instead of in the background: it logs to stderr, and Ctrl+C or SIGTERM ends it." };

    public void AddTo(Command command)
    {
        command.Options.Add(Config);
        command.Options.Add(Timeout);
        command.Options.Add(Foreground);
    }
}
