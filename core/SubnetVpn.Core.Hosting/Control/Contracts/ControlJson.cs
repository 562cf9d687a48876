using System.Text.Json.Serialization;

namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>How the answers of the control API are written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(PeerList))]
[JsonSerializable(typeof(PluginList))]
[JsonSerializable(typeof(MetricList))]
[JsonSerializable(typeof(ControlError))]
public sealed partial class ControlJson : JsonSerializerContext;
