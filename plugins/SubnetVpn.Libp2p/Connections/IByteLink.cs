using System.Net;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>
/// A connected, reliable byte stream. One receive and one send may be under way at a time. Failures are
/// <see cref="System.IO.IOException"/>, <see cref="System.Net.Sockets.SocketException"/> or <see cref="ObjectDisposedException"/>.
/// </summary>
internal interface IByteLink
{
    IPEndPoint RemoteEndPoint { get; }

    /// <summary>The congestion control of the connection; null where there is none or it is not known.</summary>
    string? Congestion { get; }

    /// <summary>Receives at least one byte; 0 at the end of the stream.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Sends everything.</summary>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>How long nothing would have to be sent for the queue that this link keeps in the network to drain; zero when there is none.</summary>
    TimeSpan DrainTime => TimeSpan.Zero;

    /// <summary>
    /// From now on what follows a receive may run on the thread that waits for sockets, which serves other links too. Not before
    /// a handshake is over: its arithmetic would hold them up.
    /// </summary>
    void RunOnLoop();

    /// <summary>Tells the other side that nothing more comes. Receiving goes on.</summary>
    void FinishSending();

    /// <summary>Ends everything under way. Safe twice and from any thread.</summary>
    void Close();
}
