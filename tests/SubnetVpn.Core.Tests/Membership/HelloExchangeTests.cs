using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Frames;
using SubnetVpn.Core.Membership;
using SubnetVpn.Core.Metrics;
using SubnetVpn.Core.Packets;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Core.Tests.Membership;

/// <summary>Streams without a channel binding, on which nobody can prove anything.</summary>
public sealed class HelloExchangeTests : IDisposable
{
    private readonly VpnMetrics _metrics = new(new ScopedMeters(), "default");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Greet_WithoutChannelBinding_FailsAndSendsNothing()
    {
        var stream = new UnboundStream(isInbound: false);

        var answer = await Create().GreetAsync(stream, Token).AsTask().WithinSafetyLimitAsync();

        Assert.Equal((OpenStreamFailure.NotAMember, null), (answer.Failure, answer.Hello));
        Assert.Contains("no channel binding", answer.Detail, StringComparison.Ordinal);
        Assert.Empty(stream.Written);
    }

    [Fact]
    public async Task Admit_WithoutChannelBinding_SaysGoodbyeAndIsCounted()
    {
        var stream = new UnboundStream(isInbound: true);

        var hello = await Create().AdmitAsync(stream, new FrameReader(stream, 1400), Token).AsTask().WithinSafetyLimitAsync();

        Assert.Null(hello);
        Assert.Equal((byte)FrameType.Goodbye, stream.Written[4]);
        Assert.True(GoodbyeCodec.TryDecode(stream.Written.AsSpan(5), out var goodbye));
        Assert.Equal(GoodbyeReason.NotAllowed, goodbye.Reason);
        Assert.Contains("no channel binding", goodbye.Text, StringComparison.Ordinal);
        Assert.True(stream.IsWriteClosed);
        Assert.Equal(1, _metrics.GetSnapshot().StreamErrors[HelloExchange.NotAMember]);
    }

    private HelloExchange Create() => new(
        new NetworkSettings { Addresses = [], NetworkKey = NetworkKey.FromSecret(new byte[32]) }, TestPeers.Create(1), new Hello { Mtu = 1400 },
        new PacketPool(new PacketPoolOptions()), _metrics, TimeProvider.System, NullLogger.Instance);
}
