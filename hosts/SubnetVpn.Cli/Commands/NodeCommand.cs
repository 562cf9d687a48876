using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using SubnetVpn.Cli.Output;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Control;
using SubnetVpn.Core.Hosting.Control.Contracts;

namespace SubnetVpn.Cli.Commands;

/// <summary>Makes commands that ask a node one thing and show the answer, to people or as JSON.</summary>
internal static class NodeCommand
{
    /// <param name="name">The command.</param>
    /// <param name="description">For the usage.</param>
    /// <param name="ask">Asks the node.</param>
    /// <param name="type">How the answer is written as JSON.</param>
    /// <param name="show">Shows it to people.</param>
    /// <param name="judge">The exit code that an answer stands for; null for success.</param>
    public static Command Create<T>(
        string name,
        string description,
        Func<ControlClient, CancellationToken, Task<T>> ask,
        JsonTypeInfo<T> type,
        Action<IAnsiConsole, T> show,
        Func<T, int>? judge = null) =>
        Create(name, description, (client, _, cancellationToken) => ask(client, cancellationToken), type, show, judge);

    /// <param name="name">The command.</param>
    /// <param name="description">For the usage.</param>
    /// <param name="ask">Asks the node, with arguments that the caller adds to the command.</param>
    /// <param name="type">How the answer is written as JSON.</param>
    /// <param name="show">Shows it to people.</param>
    /// <param name="judge">The exit code that an answer stands for; null for success.</param>
    public static Command Create<T>(
        string name,
        string description,
        Func<ControlClient, ParseResult, CancellationToken, Task<T>> ask,
        JsonTypeInfo<T> type,
        Action<IAnsiConsole, T> show,
        Func<T, int>? judge = null)
    {
        var options = new NodeOptions();
        var command = new Command(name, description);
        options.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var json = options.WantsJson(result);
            try
            {
                using var client = options.Connect(result);
                var answer = await ask(client, result, cancellationToken);
                if (json)
                    await Console.Out.WriteLineAsync(JsonSerializer.Serialize(answer, type));
                else
                    show(Screen.Create(), answer);
                return judge?.Invoke(answer) ?? ExitCode.Success;
            }
            catch (VpnException exception) when (json)
            {
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new ControlError(exception.Message), ControlJson.Api.ControlError));
                throw;
            }
        });
        return command;
    }
}
