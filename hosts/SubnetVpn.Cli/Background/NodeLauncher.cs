using SubnetVpn.Cli.Output;
using SubnetVpn.Core.Hosting.CommandLine;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Control;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Setup;

namespace SubnetVpn.Cli.Background;

/// <summary>Starts the node of a configuration in the background, and tells how it is.</summary>
internal sealed class NodeLauncher(NodeFiles files, TimeProvider time)
{
    /// <summary>Starts it and waits until it runs.</summary>
    public async Task<NodeStatus> StartAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var client = Connect();
        using var daemon = BackgroundDaemon.Start(files.Configuration, files.Log, time);
        try
        {
            return await daemon.WaitAsync(client, timeout, cancellationToken);
        }
        catch (VpnException exception)
        {
            throw new VpnException(exception.Reason, $"{exception.Message}\nThe node was not started. When that is mended: subnetvpn start{NodeSetup.ConfigOption(files)}", exception);
        }
    }

    /// <summary>Waits for the first other member.</summary>
    /// <returns>The exit code: of failure when there was nobody, while the node goes on.</returns>
    public async Task<int> WaitForPeerAsync(string network, IReadOnlyList<VirtualIp> inviter, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var client = Connect();
        if (await new FirstPeer(client, network, time).WaitAsync(inviter, limit, cancellationToken) is { } seen)
        {
            await Console.Out.WriteLineAsync($"\nFirst member: {seen}.");
            return ExitCode.Success;
        }
        await Console.Error.WriteLineAsync(
            $"error: no other member answered within {limit.TotalSeconds:0} s. The node runs and goes on trying. Does a node that the token names run, and is its TCP port " +
            $"open to this machine? 'subnetvpn peers{NodeSetup.ConfigOption(files)}' shows who is there, {files.Log} what was tried.");
        return ExitCode.Failure;
    }

    /// <summary>Shows a node that runs.</summary>
    public void Show(NodeStatus status)
    {
        var option = NodeSetup.ConfigOption(files);
        var facts = new FactSheet();
        facts.Add("node", status.PeerId);
        foreach (var network in status.Networks)
            facts.Add(status.Networks.Count == 1 ? "virtual IP" : $"virtual IP ({network.Name})", string.Join(", ", network.VirtualIps));
        facts.Add("listens on", status.ListenAddresses.Count == 0 ? "nothing (it only dials)" : string.Join(", ", status.ListenAddresses));
        facts.Add("process", $"{status.Pid}, in the background");
        facts.Add("log", files.Log);
        facts.Add("look at it", $"subnetvpn status{option}, subnetvpn peers{option}");
        facts.Add("stop it", $"subnetvpn stop{option}");
        Screen.Create().Write(facts.Render());
    }

    private ControlClient Connect() => new(ConfigurationLoader.FindControlSocket(
        new ConfigurationInputs { File = files.Configuration, Environment = ConfigurationInputs.ProcessEnvironment() }));
}
