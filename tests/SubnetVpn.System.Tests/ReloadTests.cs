using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests;

/// <summary>A node that carries traffic reads its configuration again.</summary>
public sealed class ReloadTests(ReloadTests.Nodes nodes) : IClassFixture<ReloadTests.Nodes>
{
    private const int Closed = 2222, Kept = 2223;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UnallowedPort_AddedAndTakenBack_StopsAndResumesWhileAnotherConnectionGoesOn(bool bySignal)
    {
        Requirements.Namespaces();
        using var kept = await ConnectAsync(Kept);
        using var closed = await ConnectAsync(Closed);
        await kept.EchoAsync("before");
        await closed.EchoAsync("before");

        await ReloadAsync("unallowed_ports: []", $"unallowed_ports: [{Closed}]", bySignal);
        await closed.SendAsync("during");
        for (var i = 0; i < 50; i++)
            await kept.EchoAsync($"during {i}");
        var arrived = closed.Arrived;
        await ReloadAsync($"unallowed_ports: [{Closed}]", "unallowed_ports: []", bySignal);

        Assert.Equal("", arrived);
        // Its sender has repeated what was dropped: the connection lives.
        Assert.Equal("during", await closed.ReceiveAsync("during".Length));
        await kept.EchoAsync("after");
        Assert.True((await nodes.B.StatusAsync()).Sum("port_not_allowed") > 0);
    }

    [Fact]
    public async Task WrongConfiguration_UnderTraffic_ChangesNothing()
    {
        Requirements.Namespaces();
        using var kept = await ConnectAsync(Kept);
        await kept.EchoAsync("before");
        var good = await File.ReadAllTextAsync(nodes.B.ConfigurationPath, Cancellation);

        await File.WriteAllTextAsync(nodes.B.ConfigurationPath, good.Replace("unallowed_ports: []", "unallowed_ports: [0]\n  cleanup_interval: 1h", StringComparison.Ordinal), Cancellation);
        var rejected = await nodes.B.CliAsync("reload", "--restart");
        await File.WriteAllTextAsync(nodes.B.ConfigurationPath, good, Cancellation);
        var unchanged = await nodes.B.CliAsync("reload", "--restart");

        Assert.Equal((2, ""), (rejected.ExitCode, rejected.Output));
        Assert.Contains("vpn:unallowed_ports:0: '0': must be a port: 1 to 65535.", rejected.Error, StringComparison.Ordinal);
        Assert.Contains("vpn:cleanup_interval: ", rejected.Error, StringComparison.Ordinal);
        Assert.Equal((0, "Nothing changed.\n"), (unchanged.ExitCode, unchanged.Output));
        await kept.EchoAsync("after");
    }

    private async Task ReloadAsync(string from, string to, bool bySignal)
    {
        var text = await File.ReadAllTextAsync(nodes.B.ConfigurationPath, Cancellation);
        Assert.Contains(from, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(nodes.B.ConfigurationPath, text.Replace(from, to, StringComparison.Ordinal), Cancellation);
        if (!bySignal)
        {
            Assert.Equal("applied: vpn:unallowed_ports\n", (await nodes.B.CliAsync("reload")).EnsureSuccess().Output);
            return;
        }
        var before = CountReloads();
        (await Exec.RunAsync("kill", "-HUP", nodes.B.Process.Id.ToString(CultureInfo.InvariantCulture))).EnsureSuccess();
        await Eventually.TrueAsync(() => CountReloads() > before);
    }

    private int CountReloads() => nodes.B.Log.Split("vpn:unallowed_ports hold now").Length;

    private async Task<Connection> ConnectAsync(int port)
    {
        using var listener = nodes.B.Machine.Namespace.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(nodes.B.VirtualIp, port));
        listener.Listen();
        var client = nodes.A.Machine.Namespace.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(nodes.B.VirtualIp, port, Cancellation).AsTask().WithinSafetyLimitAsync();
        return new Connection(client, await listener.AcceptAsync(Cancellation));
    }

    /// <summary>An inner TCP connection whose both ends are the test's.</summary>
    private sealed class Connection(Socket client, Socket server) : IDisposable
    {
        /// <summary>What has come to the server and was not read yet.</summary>
        public string Arrived => server.Available == 0 ? "" : $"{server.Available} bytes";

        public async Task SendAsync(string text) => await client.SendAsync(global::System.Text.Encoding.ASCII.GetBytes(text), SocketFlags.None, Cancellation);

        public Task<string> ReceiveAsync(int length) => ReadAsync(server, length);

        public async Task EchoAsync(string text)
        {
            await SendAsync(text);
            var received = await ReceiveAsync(text.Length);
            await server.SendAsync(global::System.Text.Encoding.ASCII.GetBytes(received), SocketFlags.None, Cancellation);
            Assert.Equal(text, await ReadAsync(client, text.Length));
        }

        public void Dispose()
        {
            client.Dispose();
            server.Dispose();
        }

        private static async Task<string> ReadAsync(Socket socket, int length)
        {
            var bytes = new byte[length];
            await using var stream = new NetworkStream(socket);
            await stream.ReadExactlyAsync(bytes, Cancellation).AsTask().WithinSafetyLimitAsync();
            return global::System.Text.Encoding.ASCII.GetString(bytes);
        }
    }

    public sealed class Nodes : TwoNodes
    {
        protected override LabNodeSettings Change(LabNodeSettings settings) => settings with { Vpn = ["unallowed_ports: []"] };
    }
}
