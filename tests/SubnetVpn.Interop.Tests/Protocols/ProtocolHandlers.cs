using System.Buffers.Binary;
using System.Security.Cryptography;
using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Interop.Tests.Protocols;

/// <summary>The acceptor's side of the test protocols.</summary>
internal static class ProtocolHandlers
{
    public static async Task ExchangeAsync(Libp2pStream stream, CancellationToken cancellationToken)
    {
        var head = new byte[sizeof(long)];
        await stream.ReceiveExactlyAsync(head, cancellationToken);
        var sending = stream.SendRandomAsync(BinaryPrimitives.ReadInt64BigEndian(head), cancellationToken);
        using var received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var end = await stream.ReceiveAllAsync(
            bytes =>
            {
                received.AppendData(bytes.Span);
                return Task.CompletedTask;
            },
            cancellationToken);
        Assert.Equal(StreamEnd.Completed, end);
        byte[] digests = [.. received.GetHashAndReset(), .. await sending];
        await stream.SendAsync(digests, cancellationToken);
        await stream.CloseWriteAsync(cancellationToken);
    }

    public static async Task EchoAsync(Libp2pStream stream, CancellationToken cancellationToken)
    {
        await stream.ReceiveAllAsync(bytes => stream.SendAsync(bytes, cancellationToken), cancellationToken);
        await stream.CloseWriteAsync(cancellationToken);
    }

    public static async Task ResetAsync(Libp2pStream stream, CancellationToken cancellationToken)
    {
        await stream.ReceiveExactlyAsync(new byte[1], cancellationToken);
        stream.Reset(0);
    }
}
