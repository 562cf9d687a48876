using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using SubnetVpn.Core.Hosting.Configuration.Yaml;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>Loads the configuration of a node from its file, the environment and the command line.</summary>
public static class ConfigurationLoader
{
    /// <summary>Loads and checks a configuration.</summary>
    /// <param name="inputs">Where from.</param>
    /// <returns>The configuration, without a mistake.</returns>
    /// <exception cref="VpnException">
    /// The file cannot be read, or the configuration is wrong (<see cref="ConfigurationException"/>, with every mistake).
    /// </exception>
    public static NodeConfiguration Load(ConfigurationInputs inputs)
    {
        var mistakes = new List<ConfigurationMistake>();
        var configuration = TryLoad(inputs, mistakes);
        return mistakes.Count == 0 ? configuration! : throw new ConfigurationException(mistakes, configuration?.Origins ?? ConfigurationOrigins.None);
    }

    /// <summary>
    /// Finds the control socket of the node that a configuration describes. What is wrong elsewhere does not matter: a
    /// running node can be asked though its file was changed for the worse.
    /// </summary>
    /// <param name="inputs">Where from.</param>
    /// <returns>A full path.</returns>
    /// <exception cref="VpnException">The file cannot be read, is no YAML, or its section <c>control</c> is wrong.</exception>
    public static string FindControlSocket(ConfigurationInputs inputs)
    {
        var mistakes = new List<ConfigurationMistake>();
        var configuration = TryLoad(inputs, mistakes);
        if (configuration is null)
            throw new ConfigurationException(mistakes, ConfigurationOrigins.None);
        var relevant = mistakes.FindAll(mistake => mistake.Path.StartsWith("control", StringComparison.OrdinalIgnoreCase));
        return relevant.Count == 0 ? configuration.ControlSocket : throw new ConfigurationException(relevant, configuration.Origins);
    }

    /// <summary>Loads and checks a configuration; mistakes are values, so that those of the plugins can be added.</summary>
    /// <returns>The configuration, or null when the file is no YAML; not fit for use when there are mistakes.</returns>
    internal static NodeConfiguration? TryLoad(ConfigurationInputs inputs, List<ConfigurationMistake> mistakes)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var file = Path.GetFullPath(inputs.File);
        RequireReadable(file);
        var yaml = MakeProvider(file, mistakes);
        var origins = new ConfigurationOrigins(file, yaml);
        var builder = new ConfigurationBuilder().Add(new ProviderSource(yaml));
        AddOverrides(builder, ReadEnvironment(inputs.Environment), origins);
        AddOverrides(builder, ReadCommandLine(inputs.Overrides, mistakes), origins);
        var root = builder.Build();
        return yaml.IsLoaded ? ConfigurationReader.Read(root, Path.GetDirectoryName(file)!, mistakes) with { File = file, Origins = origins } : null;
    }

    private static YamlConfigurationProvider MakeProvider(string file, List<ConfigurationMistake> mistakes)
    {
        var source = new YamlConfigurationSource
        {
            FileProvider = new PhysicalFileProvider(Path.GetDirectoryName(file)!, ExclusionFilters.None),
            Path = Path.GetFileName(file),
        };
        return new YamlConfigurationProvider(source)
        {
            MistakeSink = found => mistakes.AddRange(found.Select(mistake => new ConfigurationMistake(string.Empty, null, YamlFormatException.Describe(file, mistake)))),
        };
    }

    private static void RequireReadable(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new VpnException(VpnErrorReason.Configuration, $"the configuration file {file} does not exist. Name another with --config FILE, or make one: subnetvpn init, or subnetvpn join TOKEN.", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            var what = Directory.Exists(file) ? "it is a folder" : e.Message;
            throw new VpnException(VpnErrorReason.Configuration, $"the configuration file {file} cannot be read: {what}", e);
        }
    }

    // Keys are lower case; variables need not be. '__' stands for ':', which not every shell takes in a name.
    private static IEnumerable<ConfigurationOverride> ReadEnvironment(IReadOnlyDictionary<string, string> environment) =>
        from variable in environment
        where variable.Key.StartsWith(ConfigurationInputs.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)
        let key = variable.Key[ConfigurationInputs.EnvironmentPrefix.Length..].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)
        orderby key
        select new ConfigurationOverride(key.ToLowerInvariant(), variable.Value, variable.Key);

    private static IEnumerable<ConfigurationOverride> ReadCommandLine(IReadOnlyList<string> settings, List<ConfigurationMistake> mistakes)
    {
        foreach (var setting in settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                yield return new ConfigurationOverride(setting[..equals].Trim(), setting[(equals + 1)..].Trim(), "--set");
            else
                mistakes.Add(new ConfigurationMistake(string.Empty, null, $"--set '{setting}': must be KEY=VALUE, such as vpn:mtu=1300."));
        }
    }

    private static void AddOverrides(IConfigurationBuilder builder, IEnumerable<ConfigurationOverride> overrides, ConfigurationOrigins origins)
    {
        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (path, value, origin) in overrides)
        {
            data[path] = value;
            origins.Override(path, origin);
        }
        builder.AddInMemoryCollection(data);
    }
}
