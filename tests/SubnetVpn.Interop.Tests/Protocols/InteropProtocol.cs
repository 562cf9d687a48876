namespace SubnetVpn.Interop.Tests.Protocols;

/// <summary>The test protocols that both sides speak; js/streams.mjs describes them.</summary>
internal static class InteropProtocol
{
    public const string Exchange = "/interop/exchange/1.0.0";
    public const string Echo = "/interop/echo/1.0.0";
    public const string Reset = "/interop/reset/1.0.0";
}
