using System.Runtime.CompilerServices;
using SubnetVpn.Discovery;
using SubnetVpn.TestPlugins.Common;

namespace SubnetVpn.TestPlugins.Faulty;

internal sealed class ThrowingRegistry : ReportingRegistry, IRecordStore
{
    public ThrowingRegistry() => throw new InvalidOperationException("cannot start");

    public ValueTask<int> PutAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => new(0);

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> GetAsync(ReadOnlyMemory<byte> key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public override string ToString() => "never made";
}
