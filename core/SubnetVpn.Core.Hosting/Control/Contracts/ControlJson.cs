using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>How the answers of the control API are written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(PeerList))]
[JsonSerializable(typeof(StreamList))]
[JsonSerializable(typeof(PeerReset))]
[JsonSerializable(typeof(ResolveAnswer))]
[JsonSerializable(typeof(PluginList))]
[JsonSerializable(typeof(MetricList))]
[JsonSerializable(typeof(ReloadResult))]
[JsonSerializable(typeof(NodeStopping))]
[JsonSerializable(typeof(ControlError))]
public sealed partial class ControlJson : JsonSerializerContext
{
    /// <summary>The form of the API: indented, and with no more escapes than JSON needs, so that people can read it too.</summary>
    public static ControlJson Api { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
