namespace SubnetVpn.Cli.Demo;

/// <summary>What did not go as a demo should.</summary>
internal static class DemoFault
{
    public static VpnException Because(string message) => new(VpnErrorReason.Transport, message);
}
