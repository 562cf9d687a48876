using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.Discovery.Static;

/// <summary>The section <c>plugins: discovery.static:</c>.</summary>
internal sealed class StaticDiscoveryOptions : IValidatableObject
{
    /// <summary><c>peers</c>: the peers of all networks of this node. Default: none.</summary>
    public IList<StaticPeerOptions> Peers { get; set; } = [];

    /// <summary>The rules between peers; those of one peer are its own.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        StaticPeerRules.CheckTogether(Peers).Select(message => new ValidationResult(message, [nameof(Peers)]));
}
