using System.Net.Sockets;
using System.Security.Cryptography;

namespace SubnetVpn.Core.Control;

/// <summary>
/// A bound Unix socket with mode 0600 from its first moment: it is made in a private folder and moved into its place, where
/// it replaces what a dead node left.
/// </summary>
internal sealed class ControlSocket : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;

    // When the system gives us no socket (usually: too many open files), how long until we ask again.
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromMilliseconds(200);

    private readonly Socket _listener;
    private readonly string? _madeFolder;

    private ControlSocket(string path, Socket listener, string? madeFolder) => (Path, _listener, _madeFolder) = (path, listener, madeFolder);

    public string Path { get; }

    /// <summary>Makes the socket, and its folder when that is missing.</summary>
    /// <exception cref="VpnException">It cannot be made, or another node uses it.</exception>
    public static ControlSocket Open(string path)
    {
        string? madeFolder = null;
        try
        {
            var folder = System.IO.Path.GetDirectoryName(path)!;
            madeFolder = MakeFolder(folder);
            ClearPlace(path);
            return new ControlSocket(path, Bind(path, folder), madeFolder);
        }
        catch (Exception exception)
        {
            RemoveFolder(madeFolder);
            if (exception is UnauthorizedAccessException or SocketException { SocketErrorCode: SocketError.AccessDenied })
                throw Fault($"no right to make the control socket {path}. Run as another user, or set control: socket: to a path you may write.", exception);
            if (exception is IOException or SocketException)
                throw Fault($"the control socket {path} cannot be made: {exception.Message} Set control: socket: to another path.", exception);
            throw;
        }
    }

    /// <summary>Waits for the next client; null once the socket is closed.</summary>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    public async Task<Socket?> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await _listener.AcceptAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return null;
            }
            catch (SocketException)
            {
                // This client gave up before it was accepted, and the next may not; or nobody can be accepted for now.
                await Task.Delay(s_retryDelay, TimeProvider.System, cancellationToken);
            }
        }
    }

    /// <summary>Closes the socket and removes it from its place.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        try
        {
            File.Delete(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next node finds a dead socket there and replaces it.
        }
        RemoveFolder(_madeFolder);
    }

    private static Socket Bind(string path, string folder)
    {
        var shelter = System.IO.Path.Combine(folder, "." + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3)));
        CreateFolder(shelter);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            var first = System.IO.Path.Combine(shelter, "s");
            listener.Bind(new UnixDomainSocketEndPoint(first));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(first, OwnerOnly);
            // Listening before it is in its place, so that another node never takes it for dead.
            listener.Listen();
            // Does not overwrite: of two nodes that start at once, one gets the place.
            File.Move(first, path);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
        finally
        {
            Directory.Delete(shelter, recursive: true);
        }
    }

    private static void ClearPlace(string path)
    {
        if (!System.IO.Path.Exists(path))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(path))
        {
            File.Delete(path);
            return;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            throw Fault($"{path} is no socket, and is left as it is. Remove it, or set control: socket: to another path.", exception);
        }
        throw Fault($"another node runs with this socket: {path}. Stop it, or set control: socket: to another path.");
    }

    // A socket cannot be opened as a file (ENXIO); anything else can, or is not for us to remove.
    private static bool IsSocket(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static string? MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
            return null;
        CreateFolder(folder);
        return folder;
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerFolder);
    }

    private static void RemoveFolder(string? folder)
    {
        try
        {
            if (folder is not null)
                Directory.Delete(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody keeps something else there by now.
        }
    }

    private static VpnException Fault(string message, Exception? inner = null) => new(VpnErrorReason.Control, message, inner);
}
