using System.Globalization;
using SubnetVpn.Core.Hosting.Control.Reports;

namespace SubnetVpn.Cli.Demo;

/// <summary>What a transfer brought.</summary>
/// <param name="Bytes">How much came through.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Sha256">The hash of what was received, the same as of what was sent.</param>
internal sealed record TransferResult(long Bytes, TimeSpan Elapsed, string Sha256)
{
    /// <summary>For example <c>256.0 MiB in 0.41 s: 5237 Mbit/s, SHA-256 equal (9f86d081…)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{HumanText.Bytes(Bytes)} in {Elapsed.TotalSeconds:0.00} s: {Bytes * 8 / Elapsed.TotalSeconds / 1e6:0} Mbit/s, SHA-256 equal ({Sha256[..8]}…)");
}
