using System.Buffers.Binary;
using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Tests;
using SubnetVpn.System.Tests.Hostile;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Resilience;

/// <summary>
/// A peer that accepts every stream of the VPN and resets it, until it is told to behave; it notes what it sees. It resets at
/// once, or as soon as it has read something, when its node counts the stream as opened.
/// </summary>
internal sealed class ResettingPeer : IAsyncDisposable
{
    private const byte HelloFrame = 0, PacketFrame = 1, OffloadPacketFrame = 2, PingFrame = 3, PongFrame = 4;
    private const int HeaderSize = 5;
    private readonly Libp2pHost _host = new(new TestIdentity(), new Libp2pOptions(), TimeProvider.System, NullLoggerFactory.Instance);
    private readonly List<DateTimeOffset> _streams = [];
    private long _packets;
    private readonly bool _readsFirst;
    private volatile bool _behaves;

    public ResettingPeer(bool readsFirst)
    {
        _readsFirst = readsFirst;
        _host.Handle(HostilePeer.Current, ServeAsync);
    }

    public string PeerId => _host.PeerId.ToString();

    /// <summary>When a node opened each stream.</summary>
    public IReadOnlyList<DateTimeOffset> Streams
    {
        get
        {
            lock (_streams)
            {
                return [.. _streams];
            }
        }
    }

    /// <summary>How many connections a node has made, or tried to make.</summary>
    public long Connections => _host.GetStatistics().InboundAccepted;

    /// <summary>Packets that came on streams that were not reset.</summary>
    public long Packets => Interlocked.Read(ref _packets);

    /// <summary>Listens on a machine: the socket is made inside its namespace, and stays there.</summary>
    public LabPeer Listen(LabMachine machine, string virtualIp)
    {
        var address = $"/ip4/{machine.Address}/tcp/4001";
        machine.Namespace.Enter(() => _host.ListenAsync([Multiaddr.Parse(address)])).GetAwaiter().GetResult();
        return new LabPeer(PeerId, [address], [virtualIp]);
    }

    /// <summary>From now on streams are kept, and read.</summary>
    public void Behave() => _behaves = true;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task ServeAsync(Libp2pStream stream, CancellationToken cancellationToken)
    {
        lock (_streams)
        {
            _streams.Add(TimeProvider.System.GetUtcNow());
        }

        if (!_behaves)
        {
            if (_readsFirst)
            {
                await stream.ReadAsync(new byte[HeaderSize], cancellationToken);
            }

            stream.Reset(0);
            return;
        }

        await stream.WriteAsync(HostilePeer.Frame(HelloFrame, 0x08, 0xF8, 0x0A), cancellationToken); // Protobuf: field 1, MTU 1400.
        var header = new byte[HeaderSize];
        while (await ReadAsync(stream, header, cancellationToken))
        {
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(header) - 1];
            if (!await ReadAsync(stream, body, cancellationToken))
            {
                return;
            }

            if (header[4] is PacketFrame or OffloadPacketFrame)
            {
                Interlocked.Increment(ref _packets);
            }
            else if (header[4] == PingFrame)
            {
                await stream.WriteAsync(HostilePeer.Frame(PongFrame, body), cancellationToken);
            }
        }
    }

    private static async Task<bool> ReadAsync(Libp2pStream stream, Memory<byte> whole, CancellationToken cancellationToken)
    {
        while (whole.Length > 0)
        {
            var read = await stream.ReadAsync(whole, cancellationToken);
            if (read.Count == 0)
            {
                return false;
            }

            whole = whole[read.Count..];
        }

        return true;
    }
}
