using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using SubnetVpn.Cli.Output;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Control.Reports;

namespace SubnetVpn.Cli.Commands;

/// <summary><c>subnetvpn streams</c>: the streams that carry our packets, one a line.</summary>
internal static class StreamsCommand
{
    // What a line with whole peer ids takes. Where there is less room, peers go by the end of their ids, which differs.
    private const int WidthOfWholeIds = 220;
    private const int ShortId = 8;

    private static readonly string[] s_columns =
        ["network", "peer", "stream", "protocol", "lane", "flows", "queued", "waited", "packets", "sent", "age", "idle", "health", "rtt"];

    public static Command Create() => NodeCommand.Create(
        "streams", "Shows the streams that carry packets to the peers of the node.",
        (client, cancellationToken) => client.GetStreamsAsync(cancellationToken),
        ControlJson.Api.StreamList, Show);

    private static void Show(IAnsiConsole console, StreamList answer)
    {
        if (answer.Streams.Count == 0)
        {
            console.WriteLine("No stream is open. Streams are opened when there is something to send; 'subnetvpn peers' tells whether peers can be reached.");
            return;
        }
        var table = new Table { Border = TableBorder.None };
        foreach (var column in s_columns)
            table.AddColumn(new TableColumn(column).NoWrap());
        foreach (var stream in answer.Streams)
            table.AddRow(
                new Text(stream.Network),
                new Text(console.Profile.Width < WidthOfWholeIds ? "…" + stream.Peer[^Math.Min(ShortId, stream.Peer.Length)..] : stream.Peer),
                new Text(stream.Name),
                new Text(stream.Protocol),
                new Text(Number(stream.Lane)),
                new Text(Number(stream.Flows)),
                new Text(Queue(stream)),
                new Text(Milliseconds(stream.QueueWaitMilliseconds)),
                new Text(Number(stream.PacketsSent)),
                new Text(HumanText.Bytes(stream.BytesSent)),
                new Text(HumanText.Duration(TimeSpan.FromSeconds(stream.AgeSeconds))),
                new Text(HumanText.Duration(TimeSpan.FromSeconds(stream.IdleSeconds))),
                StateText.Of(stream.Health, Health(stream)),
                new Text(Milliseconds(stream.RoundTripMilliseconds)));
        console.Write(table);
    }

    private static string Queue(StreamStatus stream) => stream.QueueCapacity == 0
        ? Number(stream.QueuedPackets)
        : string.Create(CultureInfo.InvariantCulture, $"{stream.QueuedPackets}/{stream.QueueCapacity} ({100.0 * stream.QueuedPackets / stream.QueueCapacity:0}%)");

    private static string Health(StreamStatus stream) => stream.Health switch
    {
        "unchecked" => "not checked",
        "failing" => $"{HumanText.Count(stream.FailedChecks, "failed check")}",
        _ => stream.Health,
    };

    private static string Milliseconds(double? time) => time is { } value ? HumanText.Duration(TimeSpan.FromMilliseconds(value)) : "-";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
