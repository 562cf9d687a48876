using System.CommandLine;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Control;

namespace SubnetVpn.Cli.Commands;

/// <summary>Options of the commands that ask a node: which node, and for whom the answer is.</summary>
internal sealed class NodeOptions
{
    private readonly Option<string?> _socket = new("--socket") { Description = "The control socket of the node.", HelpName = "PATH" };
    private readonly Option<string?> _config = new("--config", "-c") { Description = "The configuration file of the node, which names its control socket.", HelpName = "FILE" };
    private readonly Option<bool> _json = new("--json") { Description = "Answer in JSON." };

    public void AddTo(Command command, bool withJson = true)
    {
        command.Options.Add(_socket);
        command.Options.Add(_config);
        if (withJson)
            command.Options.Add(_json);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_socket) is not null && result.GetValue(_config) is not null)
                result.AddError("Name the node by --socket or by --config, not by both.");
        });
    }

    public bool WantsJson(ParseResult result) => result.GetValue(_json);

    public string? GetSocket(ParseResult result) => result.GetValue(_socket);

    public string? GetConfiguration(ParseResult result) => result.GetValue(_config);

    public ControlClient Connect(ParseResult result) => new(FindSocket(result));

    private string FindSocket(ParseResult result)
    {
        if (result.GetValue(_socket) is { } socket)
            return Path.GetFullPath(socket);
        if (result.GetValue(_config) is { } file)
            return ConfigurationLoader.FindControlSocket(new ConfigurationInputs { File = file, Environment = ConfigurationInputs.ProcessEnvironment() });
        return ControlSocketPath.Default;
    }
}
