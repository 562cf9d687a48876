using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace SubnetVpn.Bench.Measures;

/// <summary>
/// The collector of another .NET process, by the socket that each has for its diagnosis
/// (github.com/dotnet/diagnostics, documentation/design-docs/ipc-protocol.md).
/// </summary>
internal static class Collector
{
    private const int HeaderLength = 20;
    private const byte EventPipe = 2, StopTracing = 1, CollectTracing2 = 3, Server = 0xFF, Ok = 0;

    // Keyword of Microsoft-Windows-DotNETRuntime: a session that has it begins with a full collection.
    private const ulong HeapCollect = 0x800000;
    private const string Provider = "Microsoft-Windows-DotNETRuntime";

    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(1);

    /// <summary>Lets it collect everything, and settle.</summary>
    public static async Task CollectAsync(int process, CancellationToken cancellationToken)
    {
        using var trace = await RequestAsync(process, CollectTracing2, TracePayload(), cancellationToken);
        var session = new byte[sizeof(ulong)];
        await trace.ReadExactlyAsync(session, cancellationToken);
        var rest = trace.CopyToAsync(Stream.Null, cancellationToken); // Until the session ends; it would wait for who reads it.
        await Task.Delay(s_settle, cancellationToken);
        using (await RequestAsync(process, StopTracing, session, cancellationToken))
            await rest;
        await Task.Delay(s_settle, cancellationToken);
    }

    // "DOTNET_IPC_V1\0" | u16 length of all | u8 set | u8 command | u16 0, little-endian; the answer's likewise.
    private static async Task<NetworkStream> RequestAsync(int process, byte command, byte[] payload, CancellationToken cancellationToken)
    {
        var path = Directory.EnumerateFiles(Path.GetTempPath(), $"dotnet-diagnostic-{process}-*-socket").FirstOrDefault()
            ?? throw new InvalidOperationException("the daemon has no diagnostics socket (DOTNET_EnableDiagnostics=0?).");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var stream = default(NetworkStream);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            stream = new NetworkStream(socket, ownsSocket: true);
            var request = new byte[HeaderLength + payload.Length];
            "DOTNET_IPC_V1\0"u8.CopyTo(request);
            BinaryPrimitives.WriteUInt16LittleEndian(request.AsSpan(14), (ushort)request.Length);
            (request[16], request[17]) = (EventPipe, command);
            payload.CopyTo(request, HeaderLength);
            await stream.WriteAsync(request, cancellationToken);
            var answer = new byte[HeaderLength];
            await stream.ReadExactlyAsync(answer, cancellationToken);
            return answer[16] == Server && answer[17] == Ok ? stream : throw new InvalidOperationException($"the daemon's runtime refused diagnostics command {command}.");
        }
        catch
        {
            socket.Dispose();
            if (stream is not null)
                await stream.DisposeAsync();
            throw;
        }
    }

    // u32 buffer in MB | u32 format (1: nettrace) | u8 whether to tell of all code at the end | u32 number of providers | u64 keywords | u32 level | name | arguments,
    // texts as u32 length with the end mark and UTF-16.
    private static byte[] TracePayload()
    {
        using var payload = new MemoryStream();
        using var writer = new BinaryWriter(payload, Encoding.Unicode);
        writer.Write(1u);
        writer.Write(1u);
        writer.Write(false);
        writer.Write(1u);
        writer.Write(HeapCollect);
        writer.Write(4u); // Informational.
        writer.Write((uint)Provider.Length + 1);
        writer.Write((Provider + '\0').ToCharArray());
        writer.Write(0u);
        return payload.ToArray();
    }
}
