using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Plugins.Tests.Options;

internal static class Sample
{
    public static (T Options, IReadOnlyList<ConfigurationMistake> Mistakes) Bind<T>(params (string Key, string? Value)[] settings) where T : class
    {
        var mistakes = new List<ConfigurationMistake>();
        var options = StrictBinder.Bind<T>(Configuration(settings).GetSection("plugins:sample"), mistakes);
        return (options, mistakes);
    }

    public static IConfiguration Configuration(params (string Key, string? Value)[] settings) =>
        new ConfigurationManager().Add(settings);

    private static ConfigurationManager Add(this ConfigurationManager configuration, (string Key, string? Value)[] settings)
    {
        foreach (var (key, value) in settings)
            configuration["plugins:sample:" + key] = value;
        return configuration;
    }
}
