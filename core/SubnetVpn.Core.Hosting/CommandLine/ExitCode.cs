namespace SubnetVpn.Core.Hosting.CommandLine;

/// <summary>What the programs return.</summary>
public static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>It failed while running.</summary>
    public const int Failure = 1;

    /// <summary>The usage or the configuration is wrong.</summary>
    public const int Usage = 2;
}
