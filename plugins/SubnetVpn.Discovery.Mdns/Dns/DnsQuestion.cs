namespace SubnetVpn.Discovery.Mdns.Dns;

/// <summary>A question of the class IN, or of any class.</summary>
/// <param name="Name">What it asks about.</param>
/// <param name="Type">The type of records it asks for; may be one that we do not know.</param>
internal sealed record DnsQuestion(DnsName Name, DnsType Type);
