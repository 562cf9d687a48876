using System.Buffers.Binary;
using System.Security.Cryptography;
using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Interop.Tests.Protocols;

/// <summary>The opener's side of the test protocols.</summary>
internal static class ProtocolClient
{
    public static async Task<ExchangeResult> ExchangeAsync(Libp2pStream stream, long send, long receive, CancellationToken cancellationToken)
    {
        var sending = SendAsync();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[65536];
        for (var left = receive; left > 0;)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(left, buffer.Length));
            await stream.ReceiveExactlyAsync(part, cancellationToken);
            hash.AppendData(part.Span);
            left -= part.Length;
        }

        var digests = new byte[2 * SHA256.HashSizeInBytes];
        await stream.ReceiveExactlyAsync(digests, cancellationToken);
        var last = await stream.ReadAsync(buffer, cancellationToken);
        Assert.Equal(new StreamRead(0, StreamEnd.Completed), last);
        var sent = await sending;
        return new ExchangeResult(
            receive,
            digests.AsSpan(SHA256.HashSizeInBytes).SequenceEqual(hash.GetHashAndReset()),
            digests.AsSpan(0, SHA256.HashSizeInBytes).SequenceEqual(sent));

        async Task<byte[]> SendAsync()
        {
            var head = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(head, receive);
            await stream.SendAsync(head, cancellationToken);
            var digest = await stream.SendRandomAsync(send, cancellationToken);
            await stream.CloseWriteAsync(cancellationToken);
            return digest;
        }
    }

    /// <summary>Sends, closes the writing end, and says whether the same came back before the end.</summary>
    public static async Task<bool> EchoAsync(Libp2pStream stream, int count, CancellationToken cancellationToken)
    {
        var payload = RandomNumberGenerator.GetBytes(count);
        await stream.SendAsync(payload, cancellationToken);
        await stream.CloseWriteAsync(cancellationToken);
        var back = new MemoryStream();
        var end = await stream.ReceiveAllAsync(bytes => back.WriteAsync(bytes, cancellationToken).AsTask(), cancellationToken);
        return end == StreamEnd.Completed && back.ToArray().AsSpan().SequenceEqual(payload);
    }
}
