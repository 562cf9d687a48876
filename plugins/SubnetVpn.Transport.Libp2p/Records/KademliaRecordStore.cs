using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery;
using SubnetVpn.Libp2p.Kademlia.Hosting;

namespace SubnetVpn.Transport.Libp2p.Records;

/// <summary>One hash table, as the contract wants it.</summary>
internal sealed class KademliaRecordStore(KademliaService service, ILogger logger) : IRecordStore, IRecordNamespaces, IRecordStoreStatus
{
    public KademliaService Service => service;

    public bool IsOff => false;

    public int KnownPeers => service.KnownPeers;

    public async ValueTask<int> PutAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        await service.PutValueAsync(key.ToArray(), value.ToArray(), cancellationToken).ConfigureAwait(false);

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> GetAsync(
        ReadOnlyMemory<byte> key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = await service.GetValueAsync(key, cancellationToken).ConfigureAwait(false);
        foreach (var value in found.Values)
        {
            yield return value;
        }
    }

    public IDisposable AddValidator(string name, IRecordValidator validator)
    {
        ArgumentNullException.ThrowIfNull(validator);
        return service.AddValidator(name, new ValidatorAdapter(name, validator, logger));
    }
}
