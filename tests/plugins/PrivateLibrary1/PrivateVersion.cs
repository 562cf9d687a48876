namespace SubnetVpn.TestPlugins.PrivateLibrary;

/// <summary>Version 1 of a library that two plugins carry in different versions.</summary>
public static class PrivateVersion
{
    /// <summary>What the code says.</summary>
    public static int OfCode => 1;

    /// <summary>What the assembly says.</summary>
    public static Version OfAssembly => typeof(PrivateVersion).Assembly.GetName().Version!;
}
