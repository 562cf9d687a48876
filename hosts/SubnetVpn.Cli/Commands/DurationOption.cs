using System.CommandLine;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Cli.Commands;

/// <summary>Options that take a duration.</summary>
internal static class DurationOption
{
    public static Option<TimeSpan> Create(string name, string description, TimeSpan standard)
    {
        var option = new Option<TimeSpan>(name)
        {
            Description = $"{description}: seconds, or such as 500ms, 30s, 5m, 24h.",
            HelpName = "TIME",
            DefaultValueFactory = _ => standard,
            CustomParser = argument =>
            {
                var text = argument.Tokens[0].Value;
                if (!DurationText.TryParse(text, out var duration))
                    argument.AddError($"{name} '{text}': {DurationText.Rule}");
                return duration;
            },
        };
        return option;
    }
}
