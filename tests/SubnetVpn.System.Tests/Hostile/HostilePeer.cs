using System.Buffers.Binary;
using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Tests;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Hostile;

/// <summary>A peer that a node knows and that speaks proper libp2p, and sends whatever a test likes inside.</summary>
internal sealed class HostilePeer : IAsyncDisposable
{
    public const string Current = "/vpn/2.0.0", Original = "/vpn/1.0.0";

    private readonly Libp2pHost _host = new(new TestIdentity(), new Libp2pOptions(), TimeProvider.System, NullLoggerFactory.Instance);

    public string PeerId => _host.PeerId.ToString();

    /// <summary>Opens a stream of the VPN to a node.</summary>
    public async Task<Libp2pStream> OpenAsync(LabNode node, Relay relay, string protocol)
    {
        var opened = await _host.OpenStreamAsync(
            Libp2p.Keys.PeerId.Parse(node.PeerId), [Multiaddr.FromTcpEndPoint(relay.EndPoint)], [protocol], lane: 0, TestContext.Current.CancellationToken);
        Assert.True(opened.Stream is not null, $"{opened.Failure}: {opened.Detail}\n{node.Log}");
        return opened.Stream;
    }

    /// <summary>A frame of <see cref="Current"/>.</summary>
    public static byte[] Frame(byte type, params ReadOnlySpan<byte> body)
    {
        var frame = new byte[5 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, 1 + body.Length);
        frame[4] = type;
        body.CopyTo(frame.AsSpan(5));
        return frame;
    }

    /// <summary>Writes; the node may have reset the stream already.</summary>
    public static async Task SendAsync(Libp2pStream stream, params byte[][] pieces)
    {
        foreach (var piece in pieces)
        {
            await stream.WriteAsync(piece, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Reads until the stream ends; how it did.</summary>
    public static async Task<StreamEnd> ReadToEndAsync(Libp2pStream stream)
    {
        var buffer = new byte[4096];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            if (read.Count == 0)
            {
                return read.End;
            }
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
