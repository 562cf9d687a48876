using System.Net;

namespace SubnetVpn.TestKit.Lab;

/// <summary>
/// Machines on one wire: network namespaces whose <c>eth0</c> have addresses of 198.18.0.0/24 (RFC 2544) and
/// fd00:5356::/64. Two are joined by a veth pair, more by a bridge in a namespace of its own. Everything is
/// removed when the lab is disposed, also after a failure.
/// </summary>
public sealed class Lab : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _owned = new();
    private readonly List<LabMachine> _machines = [];

    private Lab() => Folder = Directory.CreateTempSubdirectory("subnetvpn-lab-").FullName;

    /// <summary>A temporary folder for configurations, identities and sockets.</summary>
    public string Folder { get; }

    public IReadOnlyList<LabMachine> Machines => _machines;

    /// <summary>Builds machines with these names, one letter each: <c>"ab"</c>, <c>"abc"</c>.</summary>
    public static Task<Lab> CreateAsync(string names) => CreateAsync(names, static lab => lab.WireAsync());

    /// <summary>Builds two machines joined by a program that plays the wire: it makes the device <c>eth0</c> in both namespaces and says <c>ready</c>.</summary>
    /// <param name="names">Two letters.</param>
    /// <param name="program">Takes the names of the two namespaces, that of the device, and the settings.</param>
    /// <param name="settings">Its settings, with spaces between them.</param>
    public static Task<Lab> CreateAsync(string names, string program, string settings) => CreateAsync(names, async lab =>
    {
        var wire = lab.Own(LabProcess.Start(program, [.. lab._machines.Select(static machine => machine.Namespace.Name), "eth0", .. settings.Split(' ')]));
        await wire.WaitForAsync("ready");
    });

    private static async Task<Lab> CreateAsync(string names, Func<Lab, Task> wire)
    {
        Requirements.Namespaces();
        var lab = new Lab();
        try
        {
            foreach (var name in names)
            {
                var number = lab._machines.Count + 1;
                var created = lab.Own(await NetworkNamespace.CreateAsync(name.ToString()));
                lab._machines.Add(new LabMachine(created, IPAddress.Parse($"198.18.0.{number}"), IPAddress.Parse($"fd00:5356::{number}")));
            }

            await wire(lab);
            await lab.AddressAsync();
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>A node on one of the machines, with an identity of its own. It is not started.</summary>
    public async Task<LabNode> AddNodeAsync(LabMachine machine, LabNodeSettings settings) =>
        Own(await LabNode.CreateAsync(machine, settings, Directory.CreateDirectory(Path.Combine(Folder, $"node{_owned.Count}")).FullName));

    /// <summary>Two nodes with the virtual addresses 10.77.0.1 and 10.77.0.2 that know each other, not started.</summary>
    public async Task<(LabNode A, LabNode B)> AddPairAsync(Func<LabNodeSettings, LabNodeSettings>? change = null)
    {
        var nodes = await AddNodesAsync(2, change);
        return (nodes[0], nodes[1]);
    }

    /// <summary>Nodes on the first machines, with the virtual addresses 10.77.0.1 and on, that all know each other, not started.</summary>
    public async Task<IReadOnlyList<LabNode>> AddNodesAsync(int count, Func<LabNodeSettings, LabNodeSettings>? change = null)
    {
        change ??= settings => settings;
        var nodes = new List<LabNode>();
        for (var number = 1; number <= count; number++)
        {
            nodes.Add(await AddNodeAsync(Machines[number - 1], change(LabNodeSettings.Number(number))));
        }

        foreach (var node in nodes)
        {
            nodes.Where(other => other != node).ToList().ForEach(node.Knows);
        }

        return nodes;
    }

    /// <summary>Makes the key of a private network; returns its file.</summary>
    public async Task<string> MakeNetworkKeyAsync(string name = "network.key")
    {
        var file = Path.Combine(Folder, name);
        (await Exec.RunAsync(Repository.Cli, "keygen", "--network", "--out", file)).EnsureSuccess();
        return file;
    }

    /// <summary>Disposes something before the machines that it runs on.</summary>
    public T Own<T>(T disposable) where T : IAsyncDisposable
    {
        _owned.Push(disposable);
        return disposable;
    }

    public async ValueTask DisposeAsync()
    {
        // One that fails must not keep the rest.
        var failures = new List<Exception>();
        while (_owned.TryPop(out var owned))
        {
            try
            {
                await owned.DisposeAsync();
            }
            catch (Exception exception)
            {
                failures.Add(exception);
            }
        }

        Directory.Delete(Folder, recursive: true);
        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    private async Task WireAsync()
    {
        if (_machines is [var left, var right])
        {
            await left.Namespace.IpAsync($"link add eth0 type veth peer name eth0 netns {right.Namespace.Name}");
        }
        else
        {
            var wire = Own(await NetworkNamespace.CreateAsync("wire"));
            await wire.IpAsync("link add br0 type bridge");
            await wire.IpAsync("link set br0 up");
            foreach (var (index, machine) in _machines.Index())
            {
                await wire.IpAsync($"link add port{index} type veth peer name eth0 netns {machine.Namespace.Name}");
                await wire.IpAsync($"link set port{index} master br0 up");
            }
        }
    }

    private async Task AddressAsync()
    {
        foreach (var machine in _machines)
        {
            await machine.Namespace.IpAsync($"address add {machine.Address}/24 dev eth0");
            await machine.Namespace.IpAsync($"address add {machine.Address6}/64 dev eth0 nodad");
            await machine.Namespace.IpAsync("link set eth0 up");
        }
    }
}
