using System.Net;
using System.Text.Json;

namespace SubnetVpn.TestKit.Lab;

/// <summary>A node of a lab: the real daemon on one of its machines, with a configuration and an identity of its own.</summary>
public sealed class LabNode : IAsyncDisposable
{
    private readonly LabNodeSettings _settings;
    private readonly string _folder;
    private readonly List<LabPeer> _peers = [];
    private LabProcess? _process;
    private string _saidBefore = "";

    private LabNode(LabMachine machine, LabNodeSettings settings, string folder, string peerId) =>
        (Machine, _settings, _folder, PeerId) = (machine, settings, folder, peerId);

    public LabMachine Machine { get; }

    public string PeerId { get; }

    public IPAddress VirtualIp => IPAddress.Parse(_settings.VirtualIp);

    public IPAddress VirtualIp6 => IPAddress.Parse(_settings.VirtualIp6);

    public int Mtu => _settings.Mtu;

    public string ConfigurationPath => Path.Combine(_folder, "node.yaml");

    public string IdentityPath => Path.Combine(_folder, "identity.key");

    public string SocketPath => Path.Combine(_folder, "control.sock");

    public IPEndPoint ListenEndPoint => new(_settings.UseIpv6Wire ? Machine.Address6 : Machine.Address, _settings.Port);

    public string ListenAddress => _settings.UseIpv6Wire ? $"/ip6/{Machine.Address6}/tcp/{_settings.Port}" : $"/ip4/{Machine.Address}/tcp/{_settings.Port}";

    public LabProcess Process => _process ?? throw new InvalidOperationException("The node was not started.");

    /// <summary>What the daemon has logged, over all its starts.</summary>
    public string Log => _saidBefore + _process?.Said;

    public static async Task<LabNode> CreateAsync(LabMachine machine, LabNodeSettings settings, string folder)
    {
        var keygen = (await Exec.RunAsync(Repository.Cli, "keygen", "--out", Path.Combine(folder, "identity.key"))).EnsureSuccess();
        return new LabNode(machine, settings, folder, keygen.Output.Trim());
    }

    /// <summary>Adds a static peer.</summary>
    public void Knows(LabPeer peer) => _peers.Add(peer);

    public void Knows(LabNode node) =>
        Knows(new LabPeer(node.PeerId, [node.ListenAddress], [node._settings.VirtualIp, node._settings.VirtualIp6]));

    /// <summary>Starts the daemon and waits until it says that it runs.</summary>
    public async Task StartAsync()
    {
        Launch();
        var wait = await CliAsync("wait", "--timeout", "30s");
        if (wait.ExitCode != 0)
        {
            throw new InvalidOperationException($"The node did not start.\n{wait}\n{Log}");
        }
    }

    /// <summary>Starts the daemon and does not wait.</summary>
    public LabProcess Launch()
    {
        _saidBefore = Log;
        WriteConfiguration();
        return _process = Machine.Namespace.Start(Repository.Daemon, "--config", ConfigurationPath);
    }

    /// <summary>SIGTERM; the exit code.</summary>
    public Task<int> StopAsync() => Process.TerminateAsync();

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Runs a command of the tool against this node.</summary>
    public Task<ExecResult> CliAsync(params string[] arguments) => Exec.RunAsync(Repository.Cli, [.. arguments, "--socket", SocketPath]);

    /// <summary>What <c>subnetvpn COMMAND --json</c> says of this node.</summary>
    public async Task<JsonElement> AskAsync(string command)
    {
        var answer = (await CliAsync(command, "--json")).EnsureSuccess();
        using var document = JsonDocument.Parse(answer.Output);
        return document.RootElement.Clone();
    }

    /// <summary>Every number that <c>status</c> shows, by its path such as <c>transport.counters.garbage</c>.</summary>
    public async Task<StatusNumbers> StatusAsync() => StatusNumbers.Read(await AskAsync("status"));

    /// <summary>Writes the configuration as it is now, for a daemon that the test starts itself.</summary>
    public void WriteConfiguration() => File.WriteAllText(ConfigurationPath, ToYaml());

    private string ToYaml()
    {
        var lines = new List<string>
        {
            "node:",
            $"  identity: {IdentityPath}",
            $"  listen: [{Quoted(_settings.ListenAnywhere ? [$"/ip4/0.0.0.0/tcp/{_settings.Port}", $"/ip6/::/tcp/{_settings.Port}"] : [ListenAddress])}]",
            "control:",
            $"  socket: {SocketPath}",
        };
        lines.AddRange(_settings.Network is { } network ? ["networks:", $"  {network}:"] : ["vpn:"]);
        string[] vpn =
        [
            $"virtual_ip: {_settings.VirtualIp}",
            $"subnet: {_settings.Subnet}",
            $"virtual_ip6: \"{_settings.VirtualIp6}\"",
            "subnet6: \"fd77::/64\"",
            $"mtu: {_settings.Mtu}",
            .. _settings.Vpn,
        ];
        lines.AddRange(vpn.Select(line => (_settings.Network is null ? "  " : "    ") + line));
        lines.Add("plugins:");
        lines.AddRange(_settings.Plugins.Select(line => "  " + line));
        if (_peers.Count > 0)
            lines.AddRange(["  discovery.static:", "    peers:"]);
        foreach (var peer in _peers)
        {
            lines.Add($"      - id: {peer.PeerId}");
            lines.Add($"        addresses: [{Quoted(peer.Addresses)}]");
            lines.Add($"        virtual_ips: [{Quoted(peer.VirtualIps)}]");
        }

        return string.Join('\n', lines) + "\n";
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private static string Quoted(IEnumerable<string> values) => string.Join(", ", values.Select(value => $"\"{value}\""));
}
