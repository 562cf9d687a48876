using System.Net.Sockets;

namespace SubnetVpn.Libp2p.Tcp;

/// <summary>Applies <see cref="TcpOptions"/> to a connected socket.</summary>
internal static class SocketSetup
{
    // include/uapi/linux/tcp.h
    private const int SolTcp = 6;
    private const int TcpCongestion = 13;
    private const int TcpNotSentLowAt = 25;

    /// <summary>TCP_CA_NAME_MAX of the same header.</summary>
    private const int MaxCongestionNameBytes = 16;

    /// <summary>Returns the congestion control the connection has, or null where that cannot be asked.</summary>
    public static string? Apply(Socket socket, TcpOptions options)
    {
        socket.NoDelay = true;
        if (options.KeepAliveSeconds > 0)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            TrySet(() => socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, options.KeepAliveSeconds));
        }

        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        if (options.NotSentLowWaterBytes > 0)
        {
            TrySet(() => socket.SetRawSocketOption(SolTcp, TcpNotSentLowAt, BitConverter.GetBytes(options.NotSentLowWaterBytes)));
        }

        if (!string.IsNullOrEmpty(options.Congestion))
        {
            TrySet(() => socket.SetRawSocketOption(SolTcp, TcpCongestion, System.Text.Encoding.ASCII.GetBytes(options.Congestion)));
        }

        return ReadCongestion(socket);
    }

    private static string? ReadCongestion(Socket socket)
    {
        Span<byte> name = stackalloc byte[MaxCongestionNameBytes];
        try
        {
            int length = socket.GetRawSocketOption(SolTcp, TcpCongestion, name);
            name = name[..length];
            int end = name.IndexOf((byte)0);
            return System.Text.Encoding.ASCII.GetString(end < 0 ? name : name[..end]);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>These options make a connection better, not possible: a kernel without one is no reason to fail.</summary>
    private static void TrySet(Action set)
    {
        try
        {
            set();
        }
        catch (SocketException)
        {
        }
    }
}
