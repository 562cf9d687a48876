using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SubnetVpn.Core.Hosting.Tests.Telemetry;

/// <summary>Takes what a node exports by OTLP over HTTP, and keeps the bodies by path.</summary>
internal sealed class OtlpCollector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();

    public OtlpCollector()
    {
        for (var attempt = 0; ; attempt++)
        {
            // HttpListener cannot be given port 0.
            Endpoint = $"http://127.0.0.1:{FreePort()}/";
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add(Endpoint);
            try
            {
                _listener.Start();
                break;
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Somebody was faster.
            }
        }
        _ = ServeAsync();
    }

    public string Endpoint { get; }

    /// <summary>Whether a body that was sent to a path has a text in it, as protobuf has its strings.</summary>
    public bool Has(string path, string text) => _received.Any(request => request.Path == path && request.Body.Contains(text, StringComparison.Ordinal));

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _received.Enqueue((context.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray())));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
