using SubnetVpn.Core.Diagnostics;
using SubnetVpn.Core.Hosting.Control.Contracts;
using SubnetVpn.Core.Hosting.Control.Reports;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.Discovery;
using SubnetVpn.Resilience;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Hosting.Tests.Control;

public sealed class PeerReportTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly PeerId s_peer = PeerId.Parse("12D3KooWMeubyRFbMB7Y2cUGLgcWjPENJKfUL3pdvbKoATh6puwG");

    private static readonly PeerSnapshot s_idle = new()
    {
        Peer = s_peer,
        Prefixes = [IpPrefix.Parse("10.0.0.2"), IpPrefix.Parse("10.5.0.0/16")],
        Addresses = ["/ip4/198.18.0.2/tcp/4001"],
        Source = "static",
        Trust = MappingTrust.Authoritative,
        Streams = [],
        InboundStreams = 0,
        Flows = 0,
        Circuit = CircuitSnapshot.Closed,
    };

    private static readonly TransportConnection s_connection = new()
    {
        Peer = s_peer,
        RemoteAddress = "/ip4/198.18.0.2/tcp/4001",
        IsInbound = false,
        OpenedAt = s_now,
        BytesReceived = 3 * 1024 * 1024 / 2,
        BytesSent = 17,
        Streams = 2,
        RoundTripTime = TimeSpan.FromMilliseconds(1.25),
        Description = "tcp/noise/yamux, bbr",
    };

    [Fact]
    public void Make_NothingSentYet_SaysSo()
    {
        var peer = Report(s_idle);

        Assert.Equal(("idle", "not connected: nothing was sent to it yet"), (peer.State, peer.Summary));
        Assert.Equal(["10.0.0.2"], peer.VirtualIps);
        Assert.Equal(["10.5.0.0/16"], peer.Routes);
        Assert.Equal(("static", "authoritative", "closed"), (peer.Source, peer.Trust, peer.Circuit.State));
    }

    [Fact]
    public void Make_NoAddress_SaysWhoHasToDial() =>
        Assert.Equal("not connected: no address of it is known, so it has to dial this node", Report(s_idle with { Addresses = [] }).Summary);

    [Fact]
    public void Make_Connected_TellsThePath()
    {
        var snapshot = s_idle with { Streams = [new StreamSnapshot(1, "c1/1", "/vpn/2.0.0", 1, 0, 5, 500)], InboundStreams = 1 };

        var peer = Report(snapshot, [s_connection]);

        Assert.Equal("connected", peer.State);
        Assert.Equal("connected via /ip4/198.18.0.2/tcp/4001 (outbound), rtt 1.25 ms, 2 streams, 17 B sent, 1.5 MiB received", peer.Summary);
        Assert.Equal("outbound", Assert.Single(peer.Connections).Direction);
    }

    [Fact]
    public void Make_ConnectedSeveralTimesWithAnError_TellsBoth()
    {
        var peer = Report(s_idle with { LastError = "The peer speaks none of the protocols." }, [s_connection with { IsInbound = true, RoundTripTime = null }, s_connection]);

        Assert.StartsWith("connected via /ip4/198.18.0.2/tcp/4001 (inbound), rtt 1.25 ms, 2 connections, 0 streams, ", peer.Summary, StringComparison.Ordinal);
        Assert.EndsWith(", last error: The peer speaks none of the protocols", peer.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_Unreachable_TellsErrorAndNextAttempt()
    {
        var failure = new PeerDialFailure(s_peer, "Connection refused.", s_now.AddSeconds(-1), s_now.AddSeconds(4));

        var peer = Report(s_idle with { LastError = "Something less exact.", LastErrorAt = s_now.AddSeconds(-2) }, failures: [failure]);

        Assert.Equal(("unreachable", "unreachable: Connection refused; next attempt in 4 s"), (peer.State, peer.Summary));
        Assert.Equal((s_now.AddSeconds(-1), s_now.AddSeconds(4)), (peer.LastErrorAt, peer.NextAttempt));
    }

    [Fact]
    public void Make_UnreachableWithOpenCircuit_WaitsForTheProbe()
    {
        var circuit = new CircuitSnapshot(CircuitState.HalfOpen, 5, "Timed out.", s_now.AddSeconds(90));
        var failure = new PeerDialFailure(s_peer, "Timed out.", s_now, s_now.AddSeconds(4));

        var peer = Report(s_idle with { Circuit = circuit }, failures: [failure]);

        Assert.Equal("unreachable: Timed out; next attempt in 1 min", peer.Summary);
        Assert.Equal("half_open", peer.Circuit.State);
    }

    [Fact]
    public void Make_UnreachableAndDue_WaitsForAPacket()
    {
        var failure = new PeerDialFailure(s_peer, "Timed out.", s_now.AddMinutes(-1), s_now.AddSeconds(-30));

        var peer = Report(s_idle, failures: [failure]);

        Assert.Equal("unreachable: Timed out; next attempt with the next packet to it", peer.Summary);
        Assert.Null(peer.NextAttempt);
    }

    [Theory]
    [InlineData(CircuitState.Open, 5, "Timed out.", 42, "open", "open; next probe in 42 s; 5 failures in a row; last error: Timed out")]
    [InlineData(CircuitState.Open, 1, "Timed out.", -3, "open", "open; next probe with the next packet; 1 failure in a row; last error: Timed out")]
    [InlineData(CircuitState.HalfOpen, 5, "Timed out.", null, "half_open", "half open, one attempt at a time is let through; 5 failures in a row; last error: Timed out")]
    [InlineData(CircuitState.HalfOpen, 0, "Timed out.", null, "half_open", "half open, one attempt at a time is let through; last error: Timed out")]
    [InlineData(CircuitState.Closed, 2, "Timed out.", null, "closed", "closed; 2 failures in a row; last error: Timed out")]
    [InlineData(CircuitState.Closed, 0, null, null, "closed", "closed")]
    public void Make_Circuit_TellsStateErrorAndNextProbe(CircuitState state, int failures, string? error, int? probe, string name, string summary)
    {
        var next = probe is { } seconds ? s_now.AddSeconds(seconds) : (DateTimeOffset?)null;

        // Whether it is connected or not: a peer that accepts and resets every stream is.
        var circuit = Report(s_idle with { Circuit = new CircuitSnapshot(state, failures, error, next) }, [s_connection]).Circuit;

        Assert.Equal(new CircuitStatus(name, failures, error, next, summary), circuit);
    }

    private static PeerStatus Report(PeerSnapshot peer, IReadOnlyList<TransportConnection>? connections = null, IReadOnlyList<PeerDialFailure>? failures = null) =>
        Assert.Single(PeerReport.Make(new NodeSnapshot
        {
            State = VpnServiceState.Running,
            Peer = default,
            TakenAt = s_now,
            TransportName = "libp2p",
            ListenAddresses = [],
            Transport = new TransportSnapshot { ListenAddresses = [], Connections = connections ?? [], Counters = new Dictionary<string, long>(), DialFailures = failures ?? [] },
            Networks = [new NetworkSnapshot { Name = "default", State = VpnServiceState.Running, Addresses = [], Mtu = 1400, Metrics = new VpnMetricsSnapshot(), Peers = [peer] }],
        }).Peers);
}
