namespace SubnetVpn.Interop.Tests.Protocols;

/// <summary>What the opener of an exchange found: how much came, and whether both directions arrived as they were sent.</summary>
internal sealed record ExchangeResult(long Received, bool ReceivedIntact, bool SentIntact);
