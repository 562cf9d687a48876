using Microsoft.Extensions.Logging;
using SubnetVpn.Libp2p.Buffers;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>What the connections of a host share.</summary>
internal sealed record ConnectionContext(
    YamuxOptions Yamux, LargeBufferPool Buffers, ReceiveBlockPool Blocks, TimeProvider Time, ILogger Logger, IConnectionOwner Owner);
