using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Hosting.Configuration.Yaml;

namespace SubnetVpn.Plugins.Tests.Examples;

/// <summary>Reads a configuration from text, through the provider that the host uses.</summary>
internal static class YamlText
{
    public static IConfigurationRoot Read(string yaml)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, yaml);
            return new ConfigurationBuilder().AddYamlFile(file).Build();
        }
        finally
        {
            File.Delete(file);
        }
    }
}
