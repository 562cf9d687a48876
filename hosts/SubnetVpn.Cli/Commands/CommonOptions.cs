using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace SubnetVpn.Cli.Commands;

/// <summary>Options of all commands.</summary>
internal static class CommonOptions
{
    public static Option<LogLevel> LogLevel { get; } = new("--log-level")
    {
        Description = "How much to tell on stderr; debug adds the details of errors.",
        Recursive = true,
        DefaultValueFactory = _ => Microsoft.Extensions.Logging.LogLevel.Warning,
    };

    public static bool WantsDetails(ParseResult result) => result.GetValue(LogLevel) <= Microsoft.Extensions.Logging.LogLevel.Debug;
}
