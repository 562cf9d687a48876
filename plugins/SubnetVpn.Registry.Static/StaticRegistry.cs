using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery;

namespace SubnetVpn.Registry.Static;

/// <summary>Says who may hold which address from a file, and reads it again when it changes.</summary>
/// <remarks>A file that is wrong or gone while the node runs changes nothing: what held goes on to hold, and the log says why.</remarks>
internal sealed partial class StaticRegistry : IAddressRegistry
{
    private const long MaxBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan s_checkInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly string _file;
    private readonly TimeProvider _time;
    private readonly ILogger<StaticRegistry> _logger;
    private RegistryTable _table;
    private (DateTime WrittenAt, long Length) _version;
    private long _checkedAt;

    /// <param name="options">Names the file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For a file that changed.</param>
    /// <exception cref="VpnException">The file cannot be read, or is wrong; every mistake with its line.</exception>
    public StaticRegistry(StaticRegistryOptions options, TimeProvider time, ILogger<StaticRegistry> logger)
    {
        (_file, _time, _logger) = (options.File, time, logger);
        _version = VersionOf(_file);
        _table = Read(_file);
        _checkedAt = time.GetTimestamp();
    }

    public ValueTask<PeerLookup> FindHolderAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Current().Find(address) is { } mapping
            ? PeerLookup.Found(mapping)
            : PeerLookup.NotFound($"{_file} does not list {address}."));
    }

    private RegistryTable Current()
    {
        lock (_gate)
        {
            if (_time.GetElapsedTime(_checkedAt) < s_checkInterval)
                return _table;
            _checkedAt = _time.GetTimestamp();
            var version = VersionOf(_file);
            if (version == _version)
                return _table;
            _version = version;
            try
            {
                _table = Read(_file);
                LogReadAgain(_file);
            }
            catch (VpnException exception)
            {
                LogNotUsed(exception.Message);
            }
            return _table;
        }
    }

    // Another one when the file was written, replaced or removed.
    private static (DateTime WrittenAt, long Length) VersionOf(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? (info.LastWriteTimeUtc, info.Length) : default;
    }

    private static RegistryTable Read(string file)
    {
        try
        {
            if (new FileInfo(file).Length > MaxBytes)
                throw new VpnException(VpnErrorReason.Configuration, $"plugins:registry.static:file: {file} is larger than {MaxBytes / 1024 / 1024} MiB.");
            var entries = RegistryFile.Read(File.ReadLines(file), out var mistakes);
            return mistakes.Count == 0
                ? new RegistryTable(entries)
                : throw new VpnException(VpnErrorReason.Configuration, $"plugins:registry.static:file: {string.Join(" ", mistakes.Select(mistake => $"{file}, {mistake}"))}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new VpnException(VpnErrorReason.Configuration, $"plugins:registry.static:file: {file} cannot be read: {exception.Message}", exception);
        }
    }
}
