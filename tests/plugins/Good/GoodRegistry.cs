using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery;
using SubnetVpn.TestPlugins.Common;

namespace SubnetVpn.TestPlugins.Good;

// Internal, as strategies may be: only the plugin class is public.
internal sealed class GoodRegistry : ReportingRegistry, IRecordStore, IDisposable
{
    private readonly ILogger<GoodRegistry> _logger;
    private readonly NetworkContext _network;

    public GoodRegistry(ILogger<GoodRegistry> logger, NetworkContext network, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _logger = logger;
        _network = network;
        _logger.LogInformation("made for {Network}", network.Name);
    }

    public ValueTask<int> PutAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => new(0);

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> GetAsync(ReadOnlyMemory<byte> key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public void Dispose() => _logger.LogInformation("disposed of for {Network}", _network.Name);

    public override string ToString() => $"good registry of {_network.Name}";
}
