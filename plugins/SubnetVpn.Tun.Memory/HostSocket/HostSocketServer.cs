using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SubnetVpn.Tun.Memory.Device;

namespace SubnetVpn.Tun.Memory.HostSocket;

/// <summary>Lets another process, or another part of this one, be the host of a memory device: over a Unix stream socket.</summary>
internal sealed partial class HostSocketServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Socket _listener;
    private readonly string _path;
    private readonly MemoryTun _device;
    private readonly ILogger _logger;
    private readonly Task _serving;

    private HostSocketServer(Socket listener, string path, MemoryTun device, ILogger logger)
    {
        _listener = listener;
        _path = path;
        _device = device;
        _logger = logger;
        _serving = Task.Run(ServeAsync);
    }

    /// <summary>Makes the socket, for its owner only.</summary>
    /// <exception cref="VpnException">The path is taken, too long or not writable.</exception>
    public static HostSocketServer Listen(string path, MemoryTun device, ILogger logger)
    {
        if (File.Exists(path))
            throw Fault(path, "the file exists already; is another node using it? If not, remove it", null);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            // Before Listen nobody can connect, so there is no moment at which others could.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen();
            return new HostSocketServer(listener, path, device, logger);
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            listener.Dispose();
            throw Fault(path, exception.Message, exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _serving.ConfigureAwait(false);
        File.Delete(_path);
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                await new HostSocketClient(client, _device).RunAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (ObjectDisposedException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is SocketException or IOException or InvalidDataException)
            {
                // The client's fault, or its end; the next one is welcome.
                LogClientLost(_logger, _path, exception.Message);
            }
        }
    }

    private static VpnException Fault(string path, string why, Exception? inner) => new(
        VpnErrorReason.Tun, $"Cannot make the host socket {path} (plugins: tun.memory: host_socket): {why}.", inner);

    [LoggerMessage(1, LogLevel.Debug, "The client of the host socket {Path} is gone: {Reason}")]
    private static partial void LogClientLost(ILogger logger, string path, string reason);
}
