using System.Net.Sockets;
using SubnetVpn.Core.Control;
using SubnetVpn.Core.Hosting.Tests.Support;

namespace SubnetVpn.Core.Hosting.Tests.Control;

public sealed class ControlSocketTests
{
    [Fact]
    public void Open_MissingFolder_MakesItForTheOwnerAlone()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("run/node.sock");

        using (ControlSocket.Open(path))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Unix.GetMode(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Unix.GetMode(folder.File("run")));
            Assert.Equal([path], Directory.GetFileSystemEntries(folder.File("run")));
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.FullPath));
    }

    [Fact]
    public void Open_FolderThatWasThere_KeepsIt()
    {
        using var folder = new TemporaryFolder();

        ControlSocket.Open(folder.File("node.sock")).Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(folder.FullPath));
    }

    [Fact]
    public void Open_SocketOfADeadNode_IsReplaced()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("node.sock");
        LeaveDeadSocket(folder, path);

        using var socket = ControlSocket.Open(path);
        using var client = Connect(path);

        Assert.True(client.Connected);
    }

    [Fact]
    public void Open_SocketOfALiveNode_IsAnError()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("node.sock");
        using var first = ControlSocket.Open(path);

        var fault = Assert.Throws<VpnException>(() => ControlSocket.Open(path));
        using var client = Connect(path);

        Assert.Equal(VpnErrorReason.Control, fault.Reason);
        Assert.Equal($"another node runs with this socket: {path}. Stop it, or set control: socket: to another path.", fault.Message);
        Assert.True(client.Connected);
    }

    [Fact]
    public void Open_OrdinaryFileInItsPlace_IsKept()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("node.sock", "precious");

        var fault = Assert.Throws<VpnException>(() => ControlSocket.Open(path));

        Assert.Contains("is no socket", fault.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(path));
    }

    [Fact]
    public void Open_FolderInItsPlace_IsAnError()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("node.sock"));

        Assert.Throws<VpnException>(() => ControlSocket.Open(folder.File("node.sock")));

        Assert.True(Directory.Exists(folder.File("node.sock")));
    }

    [Fact]
    public void Open_FileWhereTheFolderShouldBe_IsAnError()
    {
        using var folder = new TemporaryFolder();
        folder.Write("run", "a file");

        var fault = Assert.Throws<VpnException>(() => ControlSocket.Open(folder.File("run/node.sock")));

        Assert.Equal(VpnErrorReason.Control, fault.Reason);
        Assert.Contains(folder.File("run/node.sock"), fault.Message, StringComparison.Ordinal);
    }

    // .NET removes the file of a socket that it bound; a killed process does not.
    private static void LeaveDeadSocket(TemporaryFolder folder, string path)
    {
        var first = folder.File("first");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(first));
        File.Move(first, path);
    }

    private static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }
}
