using System.Net;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Contenders;

/// <summary>A way for two machines to talk: a VPN between them, or the bare wire.</summary>
internal abstract class Contender
{
    private readonly List<LabProcess> _processes = [];

    public static IReadOnlyList<Func<Contender>> All { get; } =
    [
        static () => new SubnetVpnNodes(), static () => new WireGuardGo(), static () => new Nebula(), static () => new Tinc(), static () => new OpenVpn(),
        static () => new N2n(), static () => new Fastd(), static () => new Yggdrasil(), static () => new Pump(), static () => new BareWire(),
    ];

    /// <summary>Those that are measured on emulated wires, too.</summary>
    public static IReadOnlyList<Func<Contender>> OnWires { get; } =
        [static () => new SubnetVpnNodes(), static () => new WireGuardGo(), static () => new Nebula(), static () => new BareWire()];

    public abstract string Name { get; }

    /// <summary>The commands it needs, each with its Debian package.</summary>
    public virtual IReadOnlyList<(string Command, string Package)> Needs => [];

    /// <summary>Its processes at both ends.</summary>
    public virtual IReadOnlyList<LabProcess> Processes => _processes;

    /// <summary>The address of machine b by this way. Set once it was started.</summary>
    public IPAddress Address { get; private set; } = IPAddress.None;

    /// <summary>Brings it up between the machines a and b, without waiting until it carries anything.</summary>
    public async Task StartAsync(Lab lab) => Address = await StartAsync(lab, lab.Machines[0], lab.Machines[1]);

    protected abstract Task<IPAddress> StartAsync(Lab lab, LabMachine a, LabMachine b);

    /// <summary>A folder of its own for keys and configurations.</summary>
    protected string Folder(Lab lab, string part) => Directory.CreateDirectory(Path.Combine(lab.Folder, Name, part)).FullName;

    /// <summary>Starts one of its processes; it is ended with the lab.</summary>
    protected LabProcess Start(Lab lab, LabMachine machine, string command, params string[] arguments)
    {
        var process = lab.Own(machine.Namespace.Start(command, arguments));
        _processes.Add(process);
        return process;
    }

    /// <summary>Gives a device an address, once the device is there.</summary>
    protected async Task SetUpDeviceAsync(LabMachine machine, string device, string address, int mtu)
    {
        while ((await machine.Namespace.RunAsync("ip", "link", "show", device)).ExitCode != 0)
        {
            if (_processes.Find(static process => process.HasExited) is { } ended)
                throw new InvalidOperationException($"{Name} made no device {device}: {ended.Said}");
            await Task.Delay(5);
        }
        await machine.Namespace.IpAsync($"address add {address} dev {device}");
        await machine.Namespace.IpAsync($"link set {device} mtu {mtu} up");
    }
}
