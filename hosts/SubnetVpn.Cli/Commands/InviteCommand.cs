using System.CommandLine;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Invitations;
using SubnetVpn.Core.Hosting.Setup;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn invite</c>: prints a token with which another machine joins.</summary>
internal static class InviteCommand
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(24);

    public static Command Create()
    {
        var options = new NodeOptions();
        var network = new Option<string?>("--network") { Description = "The network, when the node is in several.", HelpName = "NAME" };
        var expires = DurationOption.Create("--expires", "How long the token can be used to join", s_lifetime);
        var addresses = new Option<string[]>("--address")
        {
            Description = "Where newcomers ask first, instead of where this node can be dialled: such as /ip4/203.0.113.1/tcp/4001 behind a router. May be repeated.",
            HelpName = "MULTIADDR",
            DefaultValueFactory = _ => [],
        };
        var command = new Command("invite", "Prints a token with which another machine joins the network. It is a secret.") { network, expires, addresses };
        options.AddTo(command, withJson: false);
        command.SetAction(async (result, cancellationToken) =>
        {
            var status = await FindStatusAsync(options, result, cancellationToken);
            var file = options.GetConfiguration(result) ?? status?.ConfigurationFile ?? FindFile(status, options.GetSocket(result));
            var configuration = ConfigurationLoader.Load(new ConfigurationInputs { File = file, Environment = ConfigurationInputs.ProcessEnvironment() });
            var request = new InvitationRequest { Network = result.GetValue(network), Lifetime = result.GetValue(expires), Addresses = result.GetRequiredValue(addresses) };
            var invitation = InvitationMaker.Make(configuration, status, request, TimeProvider.System.GetUtcNow());
            var token = InvitationToken.Encode(invitation);
            await Console.Error.WriteLineAsync(Explain(invitation, isRunning: status is not null, isRegistered: IsRegistered(configuration, invitation), NodeFiles.For(file)));
            await Console.Out.WriteLineAsync(token);
            return ExitCode.Success;
        });
        return command;
    }

    // A node that is named by its socket must run; one that is named by its configuration, or by nothing, need not.
    private static async Task<NodeStatus?> FindStatusAsync(NodeOptions options, ParseResult result, CancellationToken cancellationToken)
    {
        using var client = options.Connect(result);
        try
        {
            return await client.GetStatusAsync(cancellationToken);
        }
        catch (VpnException) when (options.GetSocket(result) is null)
        {
            return null;
        }
    }

    private static string FindFile(NodeStatus? status, string? socket)
    {
        if (status is not null)
            throw new VpnException(VpnErrorReason.Configuration, $"the node behind {socket ?? ControlSocketPath.Default} has no configuration file that could tell the network's key. Name one with --config FILE.");
        var files = NodeFiles.For(null);
        return File.Exists(files.Configuration) ? files.Configuration : throw new VpnException(
            VpnErrorReason.Configuration,
            $"there is no node to invite to: none runs here, and there is no {files.Configuration}. Make one with: subnetvpn init --start, or name its configuration with --config FILE.");
    }

    private static bool IsRegistered(NodeConfiguration configuration, Invitation invitation) =>
        configuration.Networks.First(network => network.Name == invitation.Network).Strategies.Registry is not null;

    private static string Explain(Invitation invitation, bool isRunning, bool isRegistered, NodeFiles files)
    {
        List<string> lines =
        [
            $"Whoever has the token below is a member of the network '{invitation.Network}'{(invitation.Subnet is { } subnet ? $" ({subnet})" : string.Empty)}: it holds the network's key. Send it as you would a password.",
            $"'subnetvpn join' takes it until {invitation.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC. The key in it stays good after that: to shut somebody out, all members need a new key.",
            invitation.Bootstrap.Count == 0 ? "It names no address: only machines on one LAN find each other with it." : $"A newcomer asks first: {string.Join(", ", invitation.Bootstrap)}",
            "On the other machine, as root: subnetvpn join TOKEN    ('subnetvpn join -' reads it from standard input, so that it is not in the list of processes)",
        ];
        if (invitation.Bootstrap.Count > 0 && invitation.Bootstrap.All(static address => address.StartsWith("/ip4/127.", StringComparison.Ordinal) || address.StartsWith("/ip6/::1/", StringComparison.Ordinal)))
            lines.Add("warning: these addresses are reached from this machine only. Name others with --address.");
        if (!isRunning)
            lines.Add($"warning: the node does not run. Start it, or nobody is there to be asked: subnetvpn start{NodeSetup.ConfigOption(files)}");
        if (isRegistered)
            lines.Add("warning: the network has a registry, whose word is final: the newcomer's address has to be registered there before others reach it.");
        return string.Join('\n', lines);
    }
}
