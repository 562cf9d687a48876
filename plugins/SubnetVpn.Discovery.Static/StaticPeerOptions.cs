using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.Discovery.Static;

/// <summary>One entry of <c>peers</c>.</summary>
internal sealed class StaticPeerOptions : IValidatableObject
{
    /// <summary><c>id</c>: the peer id, such as <c>12D3KooW…</c>. Required.</summary>
    public string Id { get; set; } = "";

    /// <summary><c>addresses</c>: where to dial it, as multiaddresses. Default: none, then it has to dial this node.</summary>
    public IList<string> Addresses { get; set; } = [];

    /// <summary><c>virtual_ips</c>: the addresses it holds.</summary>
    public IList<string> VirtualIps { get; set; } = [];

    /// <summary><c>routes</c>: subnets behind it, such as <c>192.168.7.0/24</c>. Default: none.</summary>
    public IList<string> Routes { get; set; } = [];

    /// <summary>The rules of one peer.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        StaticPeerRules.Check(this).Select(mistake => new ValidationResult(mistake.Message, [mistake.Member]));
}
