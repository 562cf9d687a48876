using System.Buffers.Binary;
using System.Net.Sockets;
using SubnetVpn.TestKit.Tun;
using SubnetVpn.Tun.Memory;
using static SubnetVpn.Plugins.Tests.TunMemory.MemoryTunSettings;

namespace SubnetVpn.Plugins.Tests.TunMemory;

public sealed class HostSocketTests : IDisposable
{
    private static readonly TimeSpan s_safety = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tun-memory-");
    private readonly PacketBuffer[] _batch = [new(PacketBuffer.MaxPacketLength)];

    private string SocketPath => Path.Combine(_folder.FullName, "host.sock");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Socket_PacketFromTheClient_IsReadByTheNode()
    {
        await using var harness = await CreateAsync();
        using var client = Connect();
        var packet = TunPackets.Numbered(Own, Peer, 9, 1);

        await SendAsync(client, packet);

        Assert.Equal(packet, await ReadByNodeAsync(harness));
    }

    [Fact]
    public async Task Socket_PacketFromTheNode_IsReadByTheClient()
    {
        await using var harness = await CreateAsync();
        using var client = Connect();
        byte[][] packets = [TunPackets.Numbered(Peer, Own, 9, 1), TunPackets.Numbered(Peer, Own, 9, 2, 1400)];

        await harness.Device.WriteAsync(packets.Select(BufferOf).ToArray(), CancellationToken.None);

        Assert.Equal(packets[0], await ReceiveAsync(client));
        Assert.Equal(packets[1], await ReceiveAsync(client));
    }

    [Fact]
    public async Task Socket_ClientLeaves_TheNextOneIsServed()
    {
        await using var harness = await CreateAsync();
        Connect().Dispose();
        using var second = Connect();
        var packet = TunPackets.Numbered(Own, Peer, 9, 1);

        await SendAsync(second, packet);

        Assert.Equal(packet, await ReadByNodeAsync(harness));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(65_536u)]
    [InlineData(uint.MaxValue)]
    public async Task Socket_LengthOfNoPacket_DropsTheClientOnly(uint length)
    {
        await using var harness = await CreateAsync();
        using var client = Connect();
        var header = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(header, length);

        await client.GetStream().WriteAsync(header);

        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(s_safety));
        using var next = Connect();
        var packet = TunPackets.Numbered(Own, Peer, 9, 1);
        await SendAsync(next, packet);
        Assert.Equal(packet, await ReadByNodeAsync(harness));
    }

    [Fact]
    public async Task Socket_PacketThatIsNone_IsCountedAndTheNextIsRead()
    {
        await using var harness = await CreateAsync();
        using var client = Connect();
        var packet = TunPackets.Numbered(Own, Peer, 9, 1);

        await SendAsync(client, new byte[100]);
        await SendAsync(client, TunPackets.Numbered(Own, Peer, 9, 1, 1401));
        await SendAsync(client, packet);

        Assert.Equal(packet, await ReadByNodeAsync(harness));
        Assert.Equal(2, harness.Tun.Refused);
    }

    [Fact]
    public async Task Create_Always_MakesItForItsOwnerOnlyAndDisposeRemovesIt()
    {
        var harness = await CreateAsync();
        using var client = Connect();
        await SendAsync(client, TunPackets.Numbered(Own, Peer, 9, 1));
        await ReadByNodeAsync(harness);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));

        await harness.DisposeAsync();

        Assert.False(File.Exists(SocketPath));
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(s_safety));
    }

    [Fact]
    public async Task Create_PathInUse_SaysSoAndLeavesTheFile()
    {
        File.WriteAllText(SocketPath, "mine");

        var thrown = await Assert.ThrowsAsync<VpnException>(async () => await CreateAsync());

        Assert.Contains(SocketPath, thrown.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(SocketPath));
    }

    [Theory]
    [InlineData("missing/host.sock")]
    [InlineData("a-name-that-is-so-long-that-it-does-not-fit-into-the-address-of-a-unix-socket-which-has-room-for-a-hundred-and-eight")]
    public async Task Create_PathThatCannotBe_NamesIt(string name)
    {
        var path = Path.Combine(_folder.FullName, name);

        var thrown = await Assert.ThrowsAsync<VpnException>(
            async () => await MemoryTunHarness.CreateAsync(Default(), new MemoryTunOptions { HostSocket = path }));

        Assert.Equal(VpnErrorReason.Tun, thrown.Reason);
        Assert.Contains(path, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WithOffload_IsAMistakeOfTheConfiguration()
    {
        var thrown = await Assert.ThrowsAsync<VpnException>(
            async () => await MemoryTunHarness.CreateAsync(Default(), new MemoryTunOptions { HostSocket = SocketPath, Offload = true }));

        Assert.Equal(VpnErrorReason.Configuration, thrown.Reason);
    }

    private ValueTask<MemoryTunHarness> CreateAsync() =>
        MemoryTunHarness.CreateAsync(Default(), new MemoryTunOptions { HostSocket = SocketPath });

    private HostClient Connect() => new(SocketPath);

    private static async Task SendAsync(HostClient client, byte[] packet)
    {
        var bytes = new byte[4 + packet.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, packet.Length);
        packet.CopyTo(bytes, 4);
        await client.GetStream().WriteAsync(bytes);
    }

    private static async Task<byte[]> ReceiveAsync(HostClient client)
    {
        var header = new byte[4];
        await client.GetStream().ReadExactlyAsync(header).AsTask().WaitAsync(s_safety);
        var packet = new byte[BinaryPrimitives.ReadInt32BigEndian(header)];
        await client.GetStream().ReadExactlyAsync(packet).AsTask().WaitAsync(s_safety);
        return packet;
    }

    private async Task<byte[]> ReadByNodeAsync(MemoryTunHarness harness)
    {
        Assert.Equal(1, await harness.Device.ReadAsync(_batch, CancellationToken.None).AsTask().WaitAsync(s_safety));
        return _batch[0].Span.ToArray();
    }

    private static PacketBuffer BufferOf(byte[] packet)
    {
        var buffer = new PacketBuffer(PacketBuffer.MaxPacketLength);
        buffer.Set(packet);
        return buffer;
    }

    private sealed class HostClient : IDisposable
    {
        private readonly NetworkStream _stream;

        public HostClient(string path)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            _stream = new NetworkStream(socket, ownsSocket: true);
        }

        public NetworkStream GetStream() => _stream;

        public void Dispose() => _stream.Dispose();
    }
}
