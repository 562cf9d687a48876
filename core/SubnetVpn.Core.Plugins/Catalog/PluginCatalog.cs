using System.Runtime.Loader;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Plugins.Composition;
using SubnetVpn.Core.Plugins.Loading;
using SubnetVpn.Core.Plugins.Manifests;
using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Catalog;

/// <summary>
/// The plugins of the plugins folder: their manifests at once, their code when something selects it. A plugin's fault is
/// a status and a reason, never an exception. Thread-safe.
/// </summary>
public sealed partial class PluginCatalog : IDisposable
{
    /// <summary>The keys of the section <c>plugins</c> that are no plugin's.</summary>
    public static readonly IReadOnlyList<string> HostKeys = ["directory", "disabled", "collectible"];

    private readonly Lock _lock = new();
    private readonly PluginCatalogSettings _settings;
    private readonly IConfiguration _configuration;
    private readonly ILogger _logger;
    private readonly PluginLoader _loader;
    private readonly string? _directoryFault;
    private readonly PluginCatalog? _origin;
    private volatile IReadOnlyList<PluginEntry> _all;

    private PluginCatalog(PluginCatalogSettings settings, IConfiguration configuration, ILogger logger)
    {
        _settings = settings;
        _configuration = configuration;
        _logger = logger;
        _loader = new PluginLoader(SharedAssemblies.OfProcess(), settings.Collectible);
        Directory = settings.Directories.FirstOrDefault(System.IO.Directory.Exists);
        (_all, _directoryFault) = ReadEntries(Directory, settings, []);
    }

    private PluginCatalog(PluginCatalog origin, IConfiguration configuration)
    {
        (_origin, _configuration) = (origin, configuration);
        (_lock, _settings, _logger, _loader) = (origin._lock, origin._settings, origin._logger, origin._loader);
        (Directory, _all, _directoryFault) = (origin.Directory, [], origin._directoryFault);
    }

    private IReadOnlyList<PluginEntry> Entries => (_origin ?? this)._all;

    /// <summary>The plugins folder; null when none of the candidates exists.</summary>
    public string? Directory { get; }

    /// <summary>Reads the manifests of the plugins folder. Loads nothing, and does not throw when there is no folder: selecting tells.</summary>
    /// <param name="settings">Where, and what to leave out.</param>
    /// <param name="configuration">The whole configuration; a plugin gets its section <c>plugins:</c> → id.</param>
    /// <param name="loggerFactory">For what is loaded and what fails; null for no log.</param>
    public static PluginCatalog Open(PluginCatalogSettings settings, IConfiguration configuration, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(configuration);
        return new PluginCatalog(settings, configuration, (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<PluginCatalog>());
    }

    /// <summary>
    /// The same plugins, those in use among them, with another configuration. What was put into the plugins folder since is
    /// found too.
    /// </summary>
    /// <param name="configuration">The whole configuration; the plugins folder and its switches stay as they are.</param>
    /// <returns>A catalog that need not be disposed of; its plugins stay with the one that was opened.</returns>
    public PluginCatalog With(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var origin = _origin ?? this;
        lock (_lock)
        {
            var added = ReadEntries(Directory, _settings, origin._all).Entries;
            if (added.Count > 0)
                origin._all = [.. origin._all.Concat(added).OrderBy(static entry => entry.Folder, StringComparer.Ordinal)];
        }
        return new PluginCatalog(origin, configuration);
    }

    /// <summary>
    /// For a trial: disposing of the result brings the status of every plugin back to what it is now, unless it was loaded
    /// meanwhile and failed.
    /// </summary>
    public IDisposable RememberStatus() => new StatusMemory([.. Entries.Select(static entry => entry.RememberStatus())]);

    /// <summary>Selects a strategy, and loads its plugin unless it is loaded.</summary>
    /// <param name="kind">What it does.</param>
    /// <param name="name">Its name in the configuration.</param>
    public Selection Select(StrategyKind kind, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var wanted = new StrategyName(kind, name);
        lock (_lock)
        {
            if (_directoryFault is not null)
                return new Selection(SelectionFailure.NoDirectory, $"{wanted} needs a plugin. {_directoryFault}");
            var providers = Entries.Where(entry => entry.Provides.Contains(wanted)).ToList();
            var usable = providers.FindAll(static entry => entry.IsUsable);
            return usable.Count switch
            {
                1 => Load(usable[0], wanted),
                > 1 => new Selection(SelectionFailure.Ambiguous, $"Several plugins provide {wanted}: {string.Join(", ", usable.Select(static entry => $"{entry.Id} ({entry.Folder})"))}. Remove all but one, or switch them off (plugins: disabled: [id])."),
                _ when providers.Count > 0 => new Selection(SelectionFailure.Unusable, $"{wanted} is provided by a plugin that cannot be used: {string.Join("; ", providers)}"),
                _ => new Selection(SelectionFailure.Unknown, DescribeUnknown(wanted)),
            };
        }
    }

    /// <summary>
    /// Selects all strategies of a kind, lazily: a plugin is loaded when the enumeration reaches it, so that whoever takes
    /// the first that fits loads no more. In a stable order: made for this platform before made for any, then the more
    /// stable, then by id. Plugins that are switched off or incompatible are left out; ones that fail are errors.
    /// </summary>
    /// <param name="kind">What the strategies do.</param>
    public IEnumerable<Selection> GetAll(StrategyKind kind)
    {
        if (_directoryFault is not null)
            return [new Selection(SelectionFailure.NoDirectory, _directoryFault)];
        var names = Entries
            .Where(static entry => entry.IsUsable)
            .OrderBy(static entry => entry.Manifest!.Platforms.Contains(Platforms.Any))
            .ThenByDescending(static entry => entry.Manifest!.Stability)
            .ThenBy(static entry => entry.Id, StringComparer.Ordinal)
            .SelectMany(static entry => entry.Provides)
            .Where(name => name.Kind == kind)
            .Select(static name => name.Name)
            .Distinct()
            .ToList();
        return names.Select(name => Select(kind, name));
    }

    /// <summary>The names that can be selected, sorted.</summary>
    /// <param name="kind">What the strategies do.</param>
    public IReadOnlyList<string> GetNames(StrategyKind kind) =>
    [
        .. Entries.Where(static entry => entry.IsUsable)
            .SelectMany(static entry => entry.Provides)
            .Where(name => name.Kind == kind)
            .Select(static name => name.Name)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>All plugins, sorted by id.</summary>
    public IReadOnlyList<PluginInfo> GetStatus() => [.. Entries.Select(static entry => entry.GetInfo())];

    /// <summary>
    /// Checks the section <c>plugins</c>: options of the plugins that are loaded, and of others that have a section and can
    /// be loaded here; sections and <c>disabled</c> entries that name no installed plugin. Call it after everything is
    /// selected.
    /// </summary>
    /// <param name="mistakes">Receives the mistakes.</param>
    public void CheckConfiguration(ICollection<ConfigurationMistake> mistakes)
    {
        ArgumentNullException.ThrowIfNull(mistakes);
        var ids = Entries.Select(static entry => entry.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        lock (_lock)
            foreach (var entry in Entries)
                if (entry.Plugin is not null || CanCheck(entry))
                    entry.Plugin!.With(_configuration).BindOptions(mistakes);
        // Without the folder nobody knows which sections are right, and selecting tells of it.
        if (_directoryFault is not null)
            return;
        string[] known = [.. HostKeys, .. ids];
        foreach (var section in _configuration.GetSection("plugins").GetChildren())
            if (!known.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
                mistakes.Add(new ConfigurationMistake(section.Path, section.Value, $"is neither a key of 'plugins' nor the id of a plugin in {Directory}. {NearestName.Advice(section.Key, known)}"));
        foreach (var id in _settings.Disabled)
            if (!ids.Contains(id))
                mistakes.Add(new ConfigurationMistake("plugins:disabled", id, $"is not the id of a plugin in {Directory}. {NearestName.Advice(id, ids)}"));
    }

    /// <summary>
    /// Lets go of the plugins; unloads them when they are collectible. Dispose of the root container before: as long as it
    /// lives, Autofac remembers types that were resolved in it, and the contexts with them.
    /// </summary>
    public void Dispose()
    {
        if (_origin is not null)
            return;
        lock (_lock)
        {
            if (_settings.Collectible)
                ReflectionMemory.Forget([.. Entries.Select(static entry => entry.Plugin?.Context).OfType<AssemblyLoadContext>()]);
            foreach (var entry in Entries)
                entry.Unload();
        }
    }

    private Selection Load(PluginEntry entry, StrategyName wanted)
    {
        var isNew = entry.Plugin is null;
        if (!entry.TryLoad(_loader, _configuration))
        {
            LogFailed(entry.Id, entry.GetInfo().Reason!);
            return new Selection(SelectionFailure.Unusable, $"{wanted} is provided by a plugin that cannot be used: {entry}");
        }
        if (isNew)
            LogLoaded(entry.Id, entry.Manifest!.Version, entry.AssemblyFile);
        // The loader has seen to it that what the manifest provides is registered.
        var descriptor = entry.Plugin!.Strategies.First(strategy => strategy.Kind == wanted.Kind && strategy.Name == wanted.Name);
        return new Selection(new SelectedStrategy(entry, entry.Plugin.With(_configuration), descriptor));
    }

    // Nothing selects it, but who wrote options for it wants to know what is wrong with them before something does. One that
    // cannot be loaded has a status that says so.
    private bool CanCheck(PluginEntry entry)
    {
        if (!entry.IsUsable || !_configuration.GetSection(ConfigurationPath.Combine("plugins", entry.Id)).GetChildren().Any())
            return false;
        if (entry.TryLoadToCheck(_loader, _configuration))
            return true;
        LogFailed(entry.Id, entry.GetInfo().Reason!);
        return false;
    }

    private string DescribeUnknown(StrategyName wanted)
    {
        var names = GetNames(wanted.Kind);
        var message = $"No plugin in {Directory} provides {wanted}. {NearestName.Advice(wanted.Name, names)}";
        // One whose manifest cannot be read may be the one that is meant.
        var unreadable = Entries.Where(static entry => entry.Manifest is null && entry.Provides.Count == 0 && !entry.IsUsable).ToList();
        return unreadable.Count == 0 ? message : $"{message} Not readable: {string.Join("; ", unreadable)}";
    }

    private static (IReadOnlyList<PluginEntry> Entries, string? Fault) ReadEntries(
        string? directory, PluginCatalogSettings settings, IReadOnlyList<PluginEntry> known)
    {
        const string Mend = "Set plugins: directory: in the configuration to the folder that holds one folder per plugin.";
        if (directory is null)
            return ([], $"The plugins folder does not exist: looked for {string.Join(", then ", settings.Directories)}. {Mend}");
        try
        {
            var folders = System.IO.Directory.GetDirectories(directory)
                .Where(folder => !Path.GetFileName(folder).StartsWith('.') && known.All(entry => entry.Folder != folder))
                .Order(StringComparer.Ordinal);
            return ([.. folders.Select(folder => PluginEntry.Read(folder, settings))], null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ([], $"The plugins folder {directory} cannot be read: {exception.Message} {Mend}");
        }
    }
}
