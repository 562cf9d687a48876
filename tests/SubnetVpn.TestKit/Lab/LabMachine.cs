using System.Net;

namespace SubnetVpn.TestKit.Lab;

/// <summary>One machine of a lab, and its addresses on the wire.</summary>
public sealed record LabMachine(NetworkNamespace Namespace, IPAddress Address, IPAddress Address6);
