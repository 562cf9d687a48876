namespace SubnetVpn.TestKit.Lab;

/// <summary>Where the built product is: the folder that holds the solution, found from the test's own folder upwards.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The daemon as `dotnet build -c Release` leaves it.</summary>
    public static string Daemon => Built("SubnetVpn.Daemon", "subnetvpnd");

    /// <summary>The command line tool as `dotnet build -c Release` leaves it.</summary>
    public static string Cli => Built("SubnetVpn.Cli", "subnetvpn");

    public static string Plugins => Path.Combine(Root, "artifacts", "plugins");

    /// <summary>Where tests leave what helps to understand a failure.</summary>
    public static string TestResults => Directory.CreateDirectory(Path.Combine(Root, "artifacts", "test-results")).FullName;

    private static string Built(string project, string executable) => Path.Combine(Root, "artifacts", "bin", project, "release", executable);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SubnetVpn.Modular.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"SubnetVpn.Modular.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
