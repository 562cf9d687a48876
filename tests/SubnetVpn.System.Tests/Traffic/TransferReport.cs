namespace SubnetVpn.System.Tests.Traffic;

/// <summary>What a transfer sent and what arrived, each with its SHA-256 in hexadecimal.</summary>
internal sealed record TransferReport(long Sent, string SentHash, long Received, string ReceivedHash, TimeSpan Took)
{
    public override string ToString() => $"{Received} of {Sent} bytes in {Took.TotalSeconds:F2} s, {Received * 8 / Took.TotalSeconds / 1e6:F0} Mbit/s";
}
