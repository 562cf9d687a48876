using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Plugins.Catalog;

namespace SubnetVpn.Core.Hosting.Nodes;

/// <summary>A network whose strategies were selected.</summary>
/// <param name="Configuration">The network.</param>
/// <param name="Root">The whole configuration, for the options of plugins.</param>
/// <param name="Strategies">Its strategies but for the transport and the TUN device; discovery in the order it is asked.</param>
/// <param name="TunCandidates">
/// TUN strategies in order of preference: the first that supports this system is taken. Lazy: going on loads plugins.
/// </param>
internal sealed record NetworkPlan(
    NetworkConfiguration Configuration, IConfiguration Root, IReadOnlyList<SelectedStrategy> Strategies, IEnumerable<Selection> TunCandidates);
