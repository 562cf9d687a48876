namespace SubnetVpn.System.Tests.Traffic;

/// <summary>What became of the numbered packets of one flow, or of several together.</summary>
internal sealed record UdpFlowReport
{
    public int Sent { get; set; }

    public int Received { get; set; }

    /// <summary>Packets that came after one with a higher number.</summary>
    public int Reordered { get; set; }

    public int Duplicates { get; set; }

    /// <summary>Packets of a wrong length, or with a number that was never sent.</summary>
    public int Malformed { get; set; }

    public int Lost => Sent - Received;

    public static UdpFlowReport Sum(IEnumerable<UdpFlowReport> reports) => reports.Aggregate(new UdpFlowReport(), (sum, report) => new UdpFlowReport
    {
        Sent = sum.Sent + report.Sent,
        Received = sum.Received + report.Received,
        Reordered = sum.Reordered + report.Reordered,
        Duplicates = sum.Duplicates + report.Duplicates,
        Malformed = sum.Malformed + report.Malformed,
    });

    public override string ToString() =>
        $"{Received} of {Sent} packets arrived, {Lost} lost, {Reordered} reordered, {Duplicates} duplicates, {Malformed} malformed";
}
