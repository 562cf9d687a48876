using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Plugins.Manifests;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Loading;

/// <summary>Loads plugins, one context each: entry assembly, the one plugin class in it, its registrations. A plugin's fault is a value.</summary>
internal sealed class PluginLoader(SharedAssemblies shared, bool isCollectible)
{
    /// <summary>Loads a plugin.</summary>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="configuration">The whole configuration.</param>
    public PluginLoadResult Load(PluginManifest manifest, string folder, IConfiguration configuration)
    {
        var file = Path.Combine(folder, manifest.Assembly);
        if (!File.Exists(file))
            return new PluginLoadResult(null, $"{file} is missing. Install the plugin anew, or correct \"assembly\" in {Path.Combine(folder, PluginManifest.FileName)}.");
        AssemblyLoadContext? context = null;
        try
        {
            context = new PluginLoadContext(manifest.Id.ToString(), file, shared, isCollectible);
            var assembly = context.LoadFromAssemblyPath(file);
            RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
            if (!TryFindPlugin(assembly, out var type, out var reason) || !TryConfigure(type, manifest, context, configuration, out var plugin, out reason))
                return Fail(context, $"{file}: {reason}");
            return new PluginLoadResult(plugin, null);
        }
        catch (BadImageFormatException)
        {
            return Fail(context, $"{file} is no .NET assembly that can be loaded here. Install the plugin anew.");
        }
        catch (Exception exception)
        {
            return Fail(context, $"{file} threw while it was loaded: {FaultText.Of(exception)} Install a version that was built for contract {PluginContract.Version}, or tell the plugin's author.");
        }
    }

    private PluginLoadResult Fail(AssemblyLoadContext? context, string reason)
    {
        if (isCollectible)
            context?.Unload();
        return new PluginLoadResult(null, reason);
    }

    private static bool TryFindPlugin(Assembly assembly, out Type type, out string reason)
    {
        var candidates = assembly.GetExportedTypes()
            .Where(static candidate => candidate is { IsClass: true, IsAbstract: false } && typeof(IPlugin).IsAssignableFrom(candidate))
            .ToList();
        type = candidates.FirstOrDefault()!;
        reason = candidates.Count switch
        {
            0 => "It has no public class that implements IPlugin. One is needed.",
            > 1 => $"It has several public classes that implement IPlugin: {string.Join(", ", candidates.Select(static candidate => candidate.FullName).Order(StringComparer.Ordinal))}. Exactly one is needed.",
            _ when type.GetConstructor(Type.EmptyTypes) is null => $"{type.FullName} has no public constructor without parameters.",
            _ => string.Empty,
        };
        return reason.Length == 0;
    }

    private static bool TryConfigure(Type type, PluginManifest manifest, AssemblyLoadContext context, IConfiguration configuration, out LoadedPlugin? loaded, out string reason)
    {
        loaded = null;
        reason = string.Empty;
        var section = configuration.GetSection(ConfigurationPath.Combine("plugins", manifest.Id.ToString()));
        var builder = new PluginBuilder(section);
        var step = "its constructor";
        try
        {
            var plugin = (IPlugin)Activator.CreateInstance(type)!;
            step = "Id";
            if (plugin.Id != manifest.Id)
            {
                reason = $"{type.FullName} says its id is '{plugin.Id}', but plugin.json says '{manifest.Id}'. They must be the same.";
                return false;
            }
            step = "Configure";
            plugin.Configure(builder);
            builder.Close();
            step = "the binding of its options";
            loaded = new LoadedPlugin(context, builder, section);
            loaded.BindOptionsOrThrow(new List<ConfigurationMistake>());
        }
        catch (Exception exception)
        {
            builder.Close();
            loaded = null;
            reason = $"{type.FullName} threw in {step}: {FaultText.Of(exception)} Tell the plugin's author, or install another version.";
            return false;
        }

        var registered = builder.Strategies.Select(static strategy => new StrategyName(strategy.Kind, strategy.Name)).ToList();
        if (manifest.Provides.Except(registered).ToList() is { Count: > 0 } missing)
            reason = $"plugin.json provides {string.Join(", ", missing)}, which {type.FullName} does not register.";
        else if (registered.Except(manifest.Provides).ToList() is { Count: > 0 } extra)
            reason = $"{type.FullName} registers {string.Join(", ", extra)}, which plugin.json does not provide. Add it to \"provides\".";
        return reason.Length == 0;
    }
}
