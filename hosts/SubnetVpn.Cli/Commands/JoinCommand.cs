using System.CommandLine;
using SubnetVpn.Cli.Background;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Invitations;
using SubnetVpn.Core.Hosting.Setup;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn join</c>: makes a node of the network that a token invites to, and starts it.</summary>
internal static class JoinCommand
{
    public static Command Create()
    {
        var options = new StartOptions();
        var token = new Argument<string?>("TOKEN") { Description = "What 'subnetvpn invite' printed on a member's machine; '-' reads it from standard input.", Arity = ArgumentArity.ZeroOrOne };
        var tokenFile = new Option<string?>("--token-file") { Description = "The file that holds the token.", HelpName = "FILE" };
        var listen = SetupOptions.Listen();
        var force = SetupOptions.Force();
        var noStart = new Option<bool>("--no-start") { Description = "Write the files and start nothing." };
        var command = new Command("join", "Makes this machine a member of the network that a token invites to, and starts its node in the background.")
        {
            token, tokenFile, listen, force, noStart,
        };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(token) is null == result.GetValue(tokenFile) is null)
                result.AddError("Give the token: as the argument, as '-' for standard input, or by --token-file FILE.");
            if (result.GetValue(noStart) && result.GetValue(options.Foreground))
                result.AddError("--no-start and --foreground are opposites.");
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            var invitation = Read(await TokenSource.ReadAsync(result.GetValue(token), result.GetValue(tokenFile), cancellationToken));
            var files = NodeFiles.For(result.GetValue(options.Config));
            await WarnOfOverlapAsync(invitation);
            await SetupReport.WriteAsync(Newcomer(invitation, result.GetRequiredValue(listen)), files, invitation.Secret, result.GetValue(force));
            if (result.GetValue(noStart))
            {
                await Console.Out.WriteLineAsync($"\nNext: subnetvpn start{NodeSetup.ConfigOption(files)}");
                return ExitCode.Success;
            }
            if (result.GetValue(options.Foreground))
                throw ForegroundDaemon.Become(files.Configuration);
            return await StartAsync(invitation, new NodeLauncher(files, TimeProvider.System), result.GetValue(options.Timeout), cancellationToken);
        });
        return command;
    }

    private static async Task<int> StartAsync(Invitation invitation, NodeLauncher launcher, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        launcher.Show(await launcher.StartAsync(timeout, cancellationToken));
        var left = timeout - TimeProvider.System.GetElapsedTime(start);
        return await launcher.WaitForPeerAsync(invitation.Network, invitation.Inviter, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
    }

    private static Invitation Read(string text)
    {
        if (InvitationToken.TryDecode(text, out var invitation, out var mistake) is not null)
            throw new VpnException(VpnErrorReason.Configuration, $"{mistake}.");
        if (InvitationExpiry.FindMistake(invitation!, TimeProvider.System.GetUtcNow()) is { } expired)
            throw new VpnException(VpnErrorReason.Configuration, expired);
        return invitation!;
    }

    private static NewNode Newcomer(Invitation invitation, string[] listen) => new()
    {
        MadeBy = "subnetvpn join",
        Network = invitation.Network,
        Subnet = invitation.Subnet,
        Subnet6 = invitation.Subnet6,
        Bootstrap = invitation.Bootstrap,
        DhtProtocol = invitation.DhtProtocol,
        Listen = listen.Length > 0 ? listen : NewNode.DefaultListen,
    };

    // The network decides on its addresses, so a machine that has other uses for them can only be told.
    private static async Task WarnOfOverlapAsync(Invitation invitation)
    {
        if (invitation.Subnet is not { } subnet)
            return;
        foreach (var range in MachineRanges.Read().Where(range => FreeSubnet.Overlap(range, subnet)))
            await Console.Error.WriteLineAsync($"warning: this machine reaches {range} already, which overlaps the network's {subnet}: what is in both is reached through the tunnel, or not at all.");
    }
}
