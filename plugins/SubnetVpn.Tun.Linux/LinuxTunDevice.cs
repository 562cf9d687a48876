using SubnetVpn.Tun.Linux.Device;
using SubnetVpn.Tun.Linux.Native;

namespace SubnetVpn.Tun.Linux;

/// <summary>
/// A TUN device of the kernel. Reading:
/// <code>
/// ReadAsync ──read() until EAGAIN or full──▶ packets: completes at once, on the caller's thread
///     └──nothing there──▶ armed ──▶ reader thread: poll(tun, signal) ──▶ read() … ──▶ completes, the caller continues here
/// </code>
/// The caller's loop so ends up on the reader thread and stays there: no hop between the kernel and the packet path.
/// The thread starts with the first wait. It alone completes waits: packets, cancellation and disposal all wake it.
/// </summary>
internal sealed partial class LinuxTunDevice : ITunDevice
{
    private readonly Lock _gate = new();
    private readonly TunFile _tun;
    private readonly EventSignal _signal;
    private readonly TaskCompletionSource _readerEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? _reader;
    private bool _disposed;

    public LinuxTunDevice(TunFile tun, int mtu)
    {
        _tun = tun;
        _signal = new EventSignal();
        Mtu = mtu;
        _headerLength = tun.HasHeader ? PacketOffload.Size : 0;
    }

    /// <inheritdoc/>
    public string Name => _tun.Name;

    /// <inheritdoc/>
    public int Mtu { get; }

    /// <inheritdoc/>
    public TunCapabilities Capabilities => _tun.Capabilities;

    /// <summary>Removes the device; completes when it is gone. A pending read ends with 0.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                if (_reader is null)
                    _readerEnded.SetResult();
                else
                    _signal.Set();
            }
        }
        await _readerEnded.Task.ConfigureAwait(false);
        _signal.Dispose();
        _tun.Dispose();
        // A writer may be inside a system call; the last one out closes the file.
        await _tun.File.Closed.ConfigureAwait(false);
    }
}
