using System.Net;
using System.Net.Sockets;
using SubnetVpn.TestKit.Tun;
using SubnetVpn.Tun;
using SubnetVpn.Tun.Linux;

namespace SubnetVpn.Plugins.Tests.TunLinux;

/// <summary>A real device in a namespace of its own; the host's side are raw sockets there.</summary>
internal sealed class LinuxTunHarness : TunHarness
{
    // asm-generic/socket.h: SO_RCVBUFFORCE may exceed the limit of the system.
    private const int SO_RCVBUFFORCE = 33;
    private const int SOL_SOCKET = 1;
    private const int ReceiveBuffer = 16 << 20;

    private readonly NetworkNamespace _place = NetworkNamespace.Create();
    private readonly Socket _sender;
    private readonly Socket _receiver;
    private readonly Socket _port;

    public LinuxTunHarness(TunSettings settings, IPAddress host, IPAddress remote, ushort port, LinuxTunOptions? options = null)
    {
        Device = LinuxTun.Create(_place, settings, options);
        (_sender, _receiver, _port) = _place.Run(() =>
        {
            var sender = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Raw) { SendTimeout = 30_000 };
            sender.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.HeaderIncluded, true);
            sender.Connect(new IPEndPoint(remote, 0));
            var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
            receiver.SetRawSocketOption(SOL_SOCKET, SO_RCVBUFFORCE, BitConverter.GetBytes(ReceiveBuffer));
            receiver.Bind(new IPEndPoint(host, 0));
            // Somebody listens, so that the kernel does not answer "port unreachable".
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            listener.Bind(new IPEndPoint(host, port));
            return (sender, receiver, listener);
        });
    }

    public override ITunDevice Device { get; }

    public override void Inject(ReadOnlySpan<byte> packet) => _sender.Send(packet);

    public override int Receive(Span<byte> destination) => _receiver.Receive(destination);

    public override async ValueTask DisposeAsync()
    {
        await Device.DisposeAsync();
        _sender.Dispose();
        _receiver.Dispose();
        _port.Dispose();
        _place.Dispose();
    }
}
