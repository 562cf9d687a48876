using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Hosting.Configuration.Validation;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>Binds and checks all sections of a configuration but those of the plugins.</summary>
internal static partial class ConfigurationReader
{
    private static readonly string[] s_sections = ["node", "control", "vpn", "networks", "plugins"];

    /// <summary>Reads a configuration; not fit for use when mistakes were added.</summary>
    public static NodeConfiguration Read(IConfiguration root, string baseDirectory, List<ConfigurationMistake> mistakes)
    {
        CheckSections(root, mistakes);
        var (nodeSection, controlSection) = (root.GetSection("node"), root.GetSection("control"));
        var node = StrictBinder.Bind<NodeOptions>(nodeSection, mistakes);
        var control = StrictBinder.Bind<ControlOptions>(controlSection, mistakes);
        var socket = Path.GetFullPath(control.Socket, baseDirectory);
        CheckNode(node, new MistakeList(nodeSection.Path, mistakes));
        CheckControl(control, socket, new MistakeList(controlSection.Path, mistakes));
        return new NodeConfiguration
        {
            Root = root,
            BaseDirectory = baseDirectory,
            IdentityFile = Path.GetFullPath(node.Identity, baseDirectory),
            Listen = node.Listen,
            ControlSocket = socket,
            Networks = ReadNetworks(root, baseDirectory, mistakes),
            Plugins = ReadPlugins(root.GetSection("plugins"), mistakes),
        };
    }

    private static void CheckSections(IConfiguration root, List<ConfigurationMistake> mistakes)
    {
        foreach (var section in root.GetChildren())
            if (!s_sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
                mistakes.Add(new ConfigurationMistake(section.Path, section.Value, $"is an unknown section. {NearestName.Advice(section.Key, s_sections)}"));
    }

    private static void CheckNode(NodeOptions node, MistakeList mistakes)
    {
        mistakes.Require(node.Identity.Length > 0, "identity", node.Identity, "must be a file");
        for (var i = 0; i < node.Listen.Count; i++)
            if (ListenRules.Check(node.Listen[i]) is { } rule)
                mistakes.Add(FormattableString.Invariant($"listen:{i}"), node.Listen[i], rule);
    }

    private static void CheckControl(ControlOptions control, string socket, MistakeList mistakes)
    {
        var length = Encoding.UTF8.GetByteCount(socket);
        mistakes.Require(control.Socket.Length > 0, "socket", control.Socket, "must be a path");
        mistakes.Require(
            length <= ControlSocketPath.MaxLength, "socket", control.Socket,
            $"is too long for a socket: {socket} has {length} bytes, at most {ControlSocketPath.MaxLength} are possible");
    }

    private static List<NetworkConfiguration> ReadNetworks(IConfiguration root, string baseDirectory, List<ConfigurationMistake> mistakes)
    {
        var sections = new List<(string Name, IConfigurationSection Section)>();
        var vpn = root.GetSection("vpn");
        if (vpn.Exists())
            sections.Add((NetworkRules.DefaultName, vpn));
        foreach (var section in root.GetSection("networks").GetChildren())
        {
            if (!NetworkName().IsMatch(section.Key))
                mistakes.Add(new ConfigurationMistake(section.Path, null, "is no name for a network: 1 to 32 lower-case letters, digits and '-', a letter or digit first."));
            else if (section.Key == NetworkRules.DefaultName && vpn.Exists())
                mistakes.Add(new ConfigurationMistake(section.Path, null, $"'{NetworkRules.DefaultName}' is the network under vpn:; choose another name."));
            else
                sections.Add((section.Key, section));
        }
        if (sections.Count == 0 && mistakes.Count == 0)
            mistakes.Add(new ConfigurationMistake(vpn.Path, null, "is missing: describe a network under vpn:, or several under networks:."));

        var networks = new List<NetworkConfiguration>();
        foreach (var (name, section) in sections)
        {
            var options = StrictBinder.Bind<VpnOptions>(section, mistakes);
            if (options.Enable)
                networks.Add(new NetworkConfiguration(section.Path, NetworkRules.Read(name, options, baseDirectory, new MistakeList(section.Path, mistakes)), options.Strategies));
        }
        if (networks.Count == 0 && sections.Count > 0)
            mistakes.Add(new ConfigurationMistake($"{sections[0].Section.Path}:enable", "false", "leaves the node without a network: enable at least one."));
        NetworkSetRules.Check(networks, mistakes);
        return networks;
    }

    private static PluginsOptions ReadPlugins(IConfigurationSection section, List<ConfigurationMistake> mistakes)
    {
        // The other keys are ids of plugins; whether there are such plugins is for the catalog to say.
        var own = StrictBinder.KeysOf(typeof(PluginsOptions));
        var others = section.GetChildren().Select(child => child.Key).Where(key => !own.Contains(key, StringComparer.OrdinalIgnoreCase)).ToArray();
        var options = StrictBinder.Bind<PluginsOptions>(section, mistakes, others);
        for (var i = 0; i < options.Disabled.Count; i++)
            if (!PluginId.TryParse(options.Disabled[i], out _))
                mistakes.Add(new ConfigurationMistake(
                    FormattableString.Invariant($"{section.Path}:disabled:{i}"), options.Disabled[i], "must be the id of a plugin, such as discovery.static."));
        return options;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,31}\z")]
    internal static partial Regex NetworkName();
}
