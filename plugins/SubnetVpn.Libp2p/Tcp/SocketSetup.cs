using System.Net.Sockets;

namespace SubnetVpn.Libp2p.Tcp;

/// <summary>
/// Applies <see cref="TcpOptions"/> to connected sockets. What the system does not know is found out beforehand, on a socket
/// made for that: .NET takes a connection for lost when one of its options is refused.
/// </summary>
internal sealed class SocketSetup
{
    // include/uapi/linux/tcp.h
    internal const int SolTcp = 6;
    private const int TcpCongestion = 13;
    private const int TcpNotSentLowAt = 25;
    private const int TcpRtoMaxMilliseconds = 44; // Linux 6.15

    /// <summary>TCP_CA_NAME_MAX of the same header.</summary>
    private const int MaxCongestionNameBytes = 16;

    private readonly Action<Socket>[] _settings;

    public SocketSetup(TcpOptions options)
    {
        _settings = [.. Wanted(options).Where(Works)];
    }

    /// <summary>Returns the congestion control the connection has, or null where that cannot be asked.</summary>
    public string? Apply(Socket socket)
    {
        foreach (Action<Socket> setting in _settings)
        {
            setting(socket);
        }

        return OperatingSystem.IsLinux() ? ReadCongestion(socket) : null;
    }

    private static IEnumerable<Action<Socket>> Wanted(TcpOptions options)
    {
        yield return static socket => socket.NoDelay = true;
        if (options.KeepAliveSeconds > 0)
        {
            yield return static socket => socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            yield return socket => socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, options.KeepAliveSeconds);
        }

        if (OperatingSystem.IsLinux() && options.NotSentLowWaterBytes > 0)
        {
            byte[] value = BitConverter.GetBytes(options.NotSentLowWaterBytes);
            yield return socket => socket.SetRawSocketOption(SolTcp, TcpNotSentLowAt, value);
        }

        if (OperatingSystem.IsLinux() && options.MaxRetransmitIntervalMilliseconds > 0)
        {
            byte[] value = BitConverter.GetBytes(options.MaxRetransmitIntervalMilliseconds);
            yield return socket => socket.SetRawSocketOption(SolTcp, TcpRtoMaxMilliseconds, value);
        }

        if (OperatingSystem.IsLinux() && !string.IsNullOrEmpty(options.Congestion))
        {
            byte[] name = System.Text.Encoding.ASCII.GetBytes(options.Congestion);
            yield return socket => socket.SetRawSocketOption(SolTcp, TcpCongestion, name);
        }
    }

    private static bool Works(Action<Socket> setting)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            setting(socket);
            return true;
        }
        catch (SocketException)
        {
            // These options make a connection better, not possible: a system without one is no reason to fail.
            return false;
        }
    }

    private static string? ReadCongestion(Socket socket)
    {
        Span<byte> name = stackalloc byte[MaxCongestionNameBytes];
        int length = socket.GetRawSocketOption(SolTcp, TcpCongestion, name);
        name = name[..length];
        int end = name.IndexOf((byte)0);
        return System.Text.Encoding.ASCII.GetString(end < 0 ? name : name[..end]);
    }
}
