using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Addresses;
using SubnetVpn.Core.Tests.Routing;
using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Core.Tests.Addresses;

public sealed class AnnouncerTests
{
    private static readonly PeerMapping s_self = Mappings.Make(Mappings.Self, "self", MappingTrust.Authoritative, "10.0.0.1");

    private readonly ManualTimeProvider _time = new();
    private readonly AnnouncedSource _source = new();
    private int _refused;

    [Fact]
    public async Task Run_FailsAndThrows_TriesAgainEverLater()
    {
        _source.Script = attempt => attempt < 9 ? attempt % 2 == 0 ? AnnounceOutcome.Failed : throw new InvalidOperationException("broken") : AnnounceOutcome.Announced;
        var running = Create().RunAsync(_source, CancellationToken.None);

        foreach (var delay in new[] { 5, 10, 20, 40, 80, 160, 300, 300, 300 })
        {
            var before = _source.Attempts;
            await _time.WhenTimersAsync();
            _time.Advance(TimeSpan.FromSeconds(delay) - TimeSpan.FromTicks(1));
            Assert.Equal(before, _source.Attempts);
            _time.Advance(TimeSpan.FromTicks(1));
            await Eventually.TrueAsync(() => _source.Attempts == before + 1);
        }
        await running.WithinSafetyLimitAsync();

        Assert.Equal((10, 0), (_source.Attempts, _refused));
    }

    [Fact]
    public async Task Run_Refused_SaysSoEachTime()
    {
        _source.Script = static attempt => attempt < 2 ? AnnounceOutcome.Refused : AnnounceOutcome.Announced;
        var running = Create().RunAsync(_source, CancellationToken.None);

        await _time.WhenTimersAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        await _time.WhenTimersAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        await running.WithinSafetyLimitAsync();

        Assert.Equal((3, 2), (_source.Attempts, _refused));
    }

    [Fact]
    public async Task Run_NobodyToTell_IsDone()
    {
        await Create().RunAsync(_source, CancellationToken.None).WithinSafetyLimitAsync();

        Assert.Equal(1, _source.Attempts);
    }

    private Announcer Create() => new(s_self, () => _refused++, _time, NullLogger.Instance);

    private sealed class AnnouncedSource : IPeerDiscovery
    {
        private int _attempts;

        public int Attempts => Volatile.Read(ref _attempts);

        public Func<int, AnnounceOutcome> Script { get; set; } = static _ => AnnounceOutcome.NotSupported;

        public ValueTask<PeerLookup> FindPeerAsync(VirtualIp address, CancellationToken cancellationToken) => new(PeerLookup.NotFound());

        public ValueTask<AnnounceOutcome> AnnounceAsync(PeerMapping self, CancellationToken cancellationToken) => new(Script(Interlocked.Increment(ref _attempts) - 1));
    }
}
