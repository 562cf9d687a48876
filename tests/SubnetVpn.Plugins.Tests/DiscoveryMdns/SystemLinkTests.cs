using System.Net;
using System.Net.Sockets;
using System.Text;
using SubnetVpn.Discovery.Mdns;
using SubnetVpn.Discovery.Mdns.Diagnostics;
using SubnetVpn.Discovery.Mdns.Links;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;
using NetworkNamespace = SubnetVpn.TestKit.Lab.NetworkNamespace;

namespace SubnetVpn.Plugins.Tests.DiscoveryMdns;

/// <summary>Real sockets on real interfaces, in namespaces.</summary>
public sealed class SystemLinkTests : IAsyncDisposable
{
    private NetworkNamespace? _namespace;

    public async ValueTask DisposeAsync()
    {
        if (_namespace is not null)
            await _namespace.DisposeAsync();
    }

    [Fact]
    public async Task Read_Interfaces_GivesThoseOfTheLanAlone()
    {
        var inside = await CreateAsync();
        await inside.IpAsync("tuntap add dev vpn0 mode tun");
        await inside.IpAsync("address add 10.0.0.1/24 dev vpn0");
        await inside.IpAsync("link set vpn0 up");
        await inside.IpAsync("link add down0 type veth peer name down1");

        var links = inside.Enter(() => Links([], new MdnsCounters()).Read());
        var named = inside.Enter(() => Links(["right"], new MdnsCounters()).Read());

        Assert.Equal(["left", "right"], links.Select(static link => link.Name).Order());
        var left = links.Single(static link => link.Name == "left");
        Assert.Equal((true, true), (left.HasIPv4, left.HasIPv6));
        Assert.Equal(["198.18.0.1/198.18.0.0/24", "fd00:5356::1/fd00:5356::/64"], left.Addresses.Select(static own => $"{own.Address}/{own.Subnet}"));
        Assert.Equal(["right"], named.Select(static link => link.Name));
    }

    [Fact]
    public async Task Send_ToTheLink_IsHeardByEverySocketOnIt()
    {
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = (lab.Machines[0], lab.Machines[1]);
        await WhenReadyAsync(a.Namespace, 1);
        await WhenReadyAsync(b.Namespace, 1);
        var counters = new MdnsCounters();
        var gate = new Lock();
        var received = new List<(int Port, string Text, VirtualIp Sender)>();
        // Two nodes of one machine share its port.
        LabMachine[] machines = [a, a, b];
        var ports = machines.Select((machine, port) => machine.Namespace.Enter(() =>
        {
            var links = Links([], counters);
            return links.Open(Assert.Single(links.Read()), (_, packet, sender) =>
            {
                var text = Encoding.ASCII.GetString(packet);
                lock (gate)
                    received.Add((port, text, sender));
            });
        })).ToList();

        // What somebody sends to us alone, though to the same port, is not read.
        using (var unicast = b.Namespace.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
            unicast.SendTo("unicast"u8, new IPEndPoint(a.Address, MdnsProtocol.Port));
        await Eventually.TrueAsync(() => counters.Of(RefusalReason.NotMulticast) == 1);
        Assert.True(ports[0].Send("hello"u8));
        await Eventually.TrueAsync(() =>
        {
            lock (gate)
                return received.Count >= 6;
        });
        ports.ForEach(static port => port.Dispose());

        lock (gate)
        {
            Assert.All(received, static entry => Assert.Equal("hello", entry.Text));
            foreach (var port in Enumerable.Range(0, 3))
                Assert.Equal([false, true], received.Where(entry => entry.Port == port).Select(static entry => entry.Sender.IsIPv4).Order());
            Assert.Contains(received, entry => entry.Sender == VirtualIp.From(a.Address));
        }
        Assert.False(ports[0].Send("gone"u8));
    }

    [Fact]
    public async Task Send_OnEachOfTwoLinks_GoesOutThereFromItsAddress()
    {
        var inside = await CreateAsync();
        var gate = new Lock();
        var received = new List<(string Opened, string Text, VirtualIp Sender)>();
        var links = inside.Enter(() => Links([], new MdnsCounters()).Read());
        var ports = links.ToDictionary(static link => link.Name, link => inside.Enter(() => Links([], new MdnsCounters()).Open(link, (_, packet, sender) =>
        {
            var text = Encoding.ASCII.GetString(packet);
            lock (gate)
                received.Add((link.Name, text, sender));
        })));

        foreach (var (name, port) in ports)
            Assert.True(port.Send(Encoding.ASCII.GetBytes(name)));

        // Its own copy comes back from the link on which it went out.
        foreach (var link in links)
            await Eventually.TrueAsync(() =>
            {
                lock (gate)
                    return received.Contains((link.Name, link.Name, link.Addresses[0].Address));
            });
        foreach (var port in ports.Values)
            port.Dispose();
    }

    private static SystemLinkNetwork Links(IReadOnlyList<string> interfaces, MdnsCounters counters) => new(MdnsNodes.Context(1), interfaces, counters);

    private async Task<NetworkNamespace> CreateAsync()
    {
        Requirements.Namespaces();
        _namespace = await NetworkNamespace.CreateAsync("m");
        await _namespace.IpAsync("link add left type veth peer name right");
        await _namespace.IpAsync("address add 198.18.0.1/24 dev left");
        await _namespace.IpAsync("address add fd00:5356::1/64 dev left nodad");
        await _namespace.IpAsync("address add 198.18.0.2/24 dev right");
        foreach (var end in new[] { "left", "right" })
            await _namespace.IpAsync($"link set {end} up");
        await WhenReadyAsync(_namespace, 2);
        return _namespace;
    }

    // Its ends are up a moment after they were told to be; link-local addresses are usable once nobody else was found to have them.
    private static Task WhenReadyAsync(NetworkNamespace inside, int links) => Eventually.TrueAsync(
        async () => inside.Enter(() => Links([], new MdnsCounters()).Read()).Count(static link => link.HasIPv6) == links
            && !(await inside.IpAsync("-6 address show tentative")).Contains("fe80", StringComparison.Ordinal),
        "the links are ready");
}
