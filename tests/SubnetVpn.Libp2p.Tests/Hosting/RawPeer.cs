using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Noise;
using SubnetVpn.Libp2p.Tcp;
using SubnetVpn.Libp2p.Tests.Yamux;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Tests.Hosting;

/// <summary>A peer that does the handshakes by the rules and then sends whatever the test wants.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly UpgradedLink _link;
    private readonly List<byte> _plaintext = [];

    private RawPeer(UpgradedLink link) => _link = link;

    public static async Task<RawPeer> ConnectAsync(Libp2pHost host)
    {
        var upgrader = new ConnectionUpgrader(new TestIdentity(), TimeSpan.FromSeconds(30), offersAes: true, TimeProvider.System);
        UpgradeResult result = await upgrader.UpgradeOutboundAsync(
            new LinkFactory(new TcpOptions(), new Libp2pCounters()).Of(await ConnectSocketAsync(host)), host.PeerId, TestContext.Current.CancellationToken);
        Assert.True(result.Link is not null, result.Detail);
        return new RawPeer(result.Link);
    }

    public static async Task<Socket> ConnectSocketAsync(Libp2pHost host)
    {
        Assert.True(host.ListenAddresses[0].TryGetTcpEndPoint(out EndPoint? endPoint));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>The same, for when the host may refuse it at once.</summary>
    public static async Task<Socket?> TryConnectSocketAsync(Libp2pHost host)
    {
        try
        {
            return await ConnectSocketAsync(host);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return null;
        }
    }

    public async Task SendAsync(params byte[][] frames)
    {
        foreach (byte[] chunk in frames.SelectMany(static frame => frame).Chunk(NoiseConstants.MaxPlaintextBytes))
        {
            byte[] message = [0, 0, .. chunk, .. new byte[NoiseConstants.TagBytes]];
            BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)(message.Length - NoiseConstants.LengthBytes));
            _link.Send.Seal(message.AsSpan(NoiseConstants.LengthBytes), []);
            await SendBytesAsync(message);
        }
    }

    public async Task SendBytesAsync(byte[] bytes) => await _link.Link.SendAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>Reads until the other side closes, and returns the headers that came; the bodies are dropped.</summary>
    public async Task<List<YamuxHeader>> ReadToEndAsync()
    {
        while (true)
        {
            var read = await NoiseFrameReader.ReadAsync(_link.Link, NoiseConstants.MaxMessageBytes, TestContext.Current.CancellationToken);
            if (read.Message is not { } message)
            {
                return [.. Frames.Parse([.. _plaintext]).Select(static frame => frame.Header)];
            }

            Assert.True(_link.Receive.TryOpen(message, []));
            _plaintext.AddRange(message.AsSpan(0, message.Length - NoiseConstants.TagBytes));
        }
    }

    public void Dispose() => _link.Link.Close();
}
