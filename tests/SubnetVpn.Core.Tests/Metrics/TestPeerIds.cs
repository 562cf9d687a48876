namespace SubnetVpn.Core.Tests.Metrics;

/// <summary>Peer ids that differ: the shape of one, with other last characters, and nobody behind.</summary>
internal static class TestPeerIds
{
    private const string Digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    public static PeerId[] Make(int count) =>
        [.. Enumerable.Range(0, count).Select(static index => PeerId.Parse($"12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKP{Digits[index / 58]}{Digits[index % 58]}"))];
}
