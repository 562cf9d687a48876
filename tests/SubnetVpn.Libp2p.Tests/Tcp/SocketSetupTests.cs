using System.Net.Sockets;
using SubnetVpn.Libp2p.Tcp;

namespace SubnetVpn.Libp2p.Tests.Tcp;

public sealed class SocketSetupTests
{
    private const int SolTcp = 6, TcpRtoMaxMilliseconds = 44; // include/uapi/linux/tcp.h

    [Theory]
    [InlineData(2000)]
    [InlineData(5000)]
    public void Apply_RetransmitInterval_IsSetWhereTheKernelKnowsIt(int milliseconds)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.SkipUnless(Read(socket) is not null, "the kernel has no TCP_RTO_MAX_MS (Linux 6.15)");

        new SocketSetup(new TcpOptions { MaxRetransmitIntervalMilliseconds = milliseconds }).Apply(socket);

        Assert.Equal(milliseconds, Read(socket));
    }

    [Fact]
    public void Apply_RetransmitIntervalOfZero_LeavesTheKernelsDefault()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        int? before = Read(socket);

        new SocketSetup(new TcpOptions { MaxRetransmitIntervalMilliseconds = 0 }).Apply(socket);

        Assert.Equal(before, Read(socket));
    }

    private static int? Read(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            var value = new byte[sizeof(int)];
            socket.GetRawSocketOption(SolTcp, TcpRtoMaxMilliseconds, value);
            return BitConverter.ToInt32(value);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
