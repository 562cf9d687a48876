using Microsoft.Extensions.Configuration;
using SubnetVpn.Core.Plugins.Loading;
using SubnetVpn.Core.Plugins.Manifests;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Plugins.Catalog;

/// <summary>One folder of the plugins folder: its manifest, its status, and the plugin once it is loaded.</summary>
internal sealed class PluginEntry
{
    private const string NothingSelectedIt = "nothing selected it";

    private readonly Lock _lock = new();
    private PluginStatus _status = PluginStatus.Disabled;
    private string? _reason = NothingSelectedIt;

    private PluginEntry(string folder, PluginManifestResult manifest)
    {
        Folder = folder;
        Manifest = manifest.Manifest;
        Provides = manifest.Provides;
    }

    public string Folder { get; }

    public string Id => Manifest?.Id.ToString() ?? Path.GetFileName(Folder);

    public PluginManifest? Manifest { get; }

    public IReadOnlyList<StrategyName> Provides { get; }

    public LoadedPlugin? Plugin { get; private set; }

    /// <summary>Whether the plugin is loaded, or may be when something selects it.</summary>
    public bool IsUsable { get; private set; } = true;

    public string AssemblyFile => Path.Combine(Folder, Manifest!.Assembly);

    /// <summary>Reads the folder's manifest and says what can be said without loading anything.</summary>
    public static PluginEntry Read(string folder, PluginCatalogSettings settings)
    {
        var result = PluginManifestReader.Read(folder);
        var entry = new PluginEntry(folder, result);
        var file = Path.Combine(folder, PluginManifest.FileName);
        if (settings.Disabled.Contains(entry.Id))
            entry.Refuse(PluginStatus.Disabled, $"the operator switched it off (plugins: disabled: [{entry.Id}])");
        else if (result.Manifest is not { } manifest)
            entry.Refuse(PluginStatus.Failed, $"{file}: {string.Join(" ", result.Problems)}");
        else if (!manifest.Contract.FitsOn(ContractVersion.OfHost))
            entry.Refuse(PluginStatus.Incompatible, $"{file}: It was built for contract {manifest.Contract}; this host has {ContractVersion.OfHost}. {MendOf(manifest.Contract)}");
        else if (!manifest.Platforms.Contains(Platforms.Any) && !manifest.Platforms.Contains(settings.Platform))
            entry.Refuse(PluginStatus.Incompatible, $"{file}: It is for {string.Join(", ", manifest.Platforms)}; this is {settings.Platform}. Select another strategy here.");
        return entry;
    }

    /// <summary>Loads the plugin unless it is loaded; false when it failed, now or before.</summary>
    public bool TryLoad(PluginLoader loader, IConfiguration configuration)
    {
        if (Plugin is not null || !IsUsable)
            return IsUsable;
        var (plugin, reason) = loader.Load(Manifest!, Folder, configuration);
        Plugin = plugin;
        if (plugin is null)
            Refuse(PluginStatus.Failed, reason!);
        else
            SetStatus(PluginStatus.Active, null);
        return IsUsable;
    }

    /// <summary>Loads the plugin only to look at its options; nothing selected it all the same.</summary>
    public bool TryLoadToCheck(PluginLoader loader, IConfiguration configuration)
    {
        if (!TryLoad(loader, configuration))
            return false;
        SetStatus(PluginStatus.Disabled, NothingSelectedIt);
        return true;
    }

    /// <summary>The status as it is now.</summary>
    /// <returns>Brings it back, unless the plugin was found to be of no use meanwhile.</returns>
    public Action RememberStatus()
    {
        lock (_lock)
        {
            var (status, reason) = (_status, _reason);
            return () =>
            {
                if (IsUsable)
                    SetStatus(status, reason);
            };
        }
    }

    /// <summary>Lets go of the plugin, and unloads it when it is collectible.</summary>
    public void Unload()
    {
        if (Plugin is not { } plugin)
            return;
        Plugin = null;
        Refuse(PluginStatus.Disabled, "the host let go of it");
        if (plugin.Context.IsCollectible)
            plugin.Context.Unload();
    }

    public void SetStatus(PluginStatus status, string? reason)
    {
        lock (_lock)
            (_status, _reason) = (status, reason);
    }

    public PluginInfo GetInfo()
    {
        lock (_lock)
            return new PluginInfo
            {
                Id = Id,
                Version = Manifest?.Version,
                Contract = Manifest?.Contract.ToString(),
                Status = _status,
                Reason = _reason,
                Provides = [.. Provides.Select(static name => name.ToString())],
                Platforms = Manifest?.Platforms ?? [],
                Stability = Manifest?.Stability,
                Description = Manifest?.Description,
                Directory = Folder,
            };
    }

    public override string ToString()
    {
        lock (_lock)
            return $"{Id} ({KeyName.Of(_status.ToString())}: {_reason ?? "well"})";
    }

    private void Refuse(PluginStatus status, string reason)
    {
        IsUsable = false;
        SetStatus(status, reason);
    }

    private static string MendOf(ContractVersion contract) => contract.Major >= ContractVersion.OfHost.Major
        ? "Update this host, or install an older version of the plugin."
        : "Install a newer version of the plugin.";
}
