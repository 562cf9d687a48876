using System.Net;
using System.Net.Sockets;
using SubnetVpn.Discovery.Mdns.Diagnostics;

namespace SubnetVpn.Discovery.Mdns.Links;

/// <summary>
/// A socket of one family on one link: port 5353, shared with every other responder of the machine, a member of the group there.
/// Reads until it is disposed of.
/// </summary>
internal sealed class LinkSocket : IDisposable
{
    // A link that is going away may fail each receive at once; it is opened anew when the interfaces are read again.
    private const int MaxFailuresInARow = 100;

    private readonly Socket _socket;
    private readonly int _link;
    private readonly IPAddress _group;
    private readonly IPEndPoint _everybody;
    private readonly PacketReceiver _receive;
    private readonly MdnsCounters _counters;
    private volatile bool _isAlive = true;

    /// <exception cref="SocketException">The system does not allow it.</exception>
    public LinkSocket(AddressFamily family, int link, PacketReceiver receive, MdnsCounters counters)
    {
        (_link, _receive, _counters) = (link, receive, counters);
        _socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            // On Unix this sets SO_REUSEADDR and SO_REUSEPORT: several nodes of a machine, and its own responder, share the port.
            _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            if (family == AddressFamily.InterNetwork)
            {
                _group = MdnsProtocol.GroupV4;
                _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
                _socket.Bind(new IPEndPoint(IPAddress.Any, MdnsProtocol.Port));
                _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(_group, link));
                _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder(link));
                // 255, so that receivers can see that it crossed no router (RFC 6762, 11).
                _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, byte.MaxValue);
                _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, true);
                _everybody = new IPEndPoint(_group, MdnsProtocol.Port);
            }
            else
            {
                _group = MdnsProtocol.GroupV6;
                _socket.DualMode = false;
                _socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.PacketInformation, true);
                _socket.Bind(new IPEndPoint(IPAddress.IPv6Any, MdnsProtocol.Port));
                _socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(_group, link));
                _socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, link);
                _socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, byte.MaxValue);
                _socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastLoopback, true);
                _everybody = new IPEndPoint(new IPAddress(_group.GetAddressBytes(), link), MdnsProtocol.Port);
            }
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
        _ = Task.Run(ReceiveAsync);
    }

    /// <summary>False once it has stopped reading.</summary>
    public bool IsAlive => _isAlive;

    /// <summary>Sends a message to everybody; false when the system did not take it.</summary>
    public bool Send(ReadOnlySpan<byte> packet)
    {
        try
        {
            return _socket.SendTo(packet, _everybody) == packet.Length;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReceiveAsync()
    {
        // One byte more than allowed: what fills it is too long.
        var buffer = new byte[MdnsProtocol.MaxMessageLength + 1];
        var anybody = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        for (var failures = 0; failures < MaxFailuresInARow;)
        {
            try
            {
                var received = await _socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, anybody);
                failures = 0;
                // Every socket of the port gets what is for any link of the machine.
                if (received.PacketInformation.Interface != _link)
                    continue;
                if (!IsForGroup(received.PacketInformation.Address))
                    _counters.Refuse(RefusalReason.NotMulticast);
                else
                    _receive(_link, buffer.AsSpan(0, received.ReceivedBytes), VirtualIp.From(((IPEndPoint)received.RemoteEndPoint).Address));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted)
            {
                return;
            }
            catch (SocketException)
            {
                failures++;
            }
        }
        _isAlive = false;
    }

    private bool IsForGroup(IPAddress destination) => destination.GetAddressBytes().AsSpan().SequenceEqual(_group.GetAddressBytes());
}
