using System.Security.Cryptography;
using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Interop.Tests.Protocols;

internal static class StreamExtensions
{
    private const int BlockSize = 65536;

    /// <summary>Writes, and asserts that all was taken.</summary>
    public static async Task SendAsync(this Libp2pStream stream, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        Assert.Equal(StreamEnd.None, await stream.WriteAsync(bytes, cancellationToken));

    /// <summary>Writes random bytes; their SHA-256.</summary>
    public static async Task<byte[]> SendRandomAsync(this Libp2pStream stream, long count, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockSize];
        for (var left = count; left > 0;)
        {
            var part = block.AsMemory(0, (int)Math.Min(left, BlockSize));
            RandomNumberGenerator.Fill(part.Span);
            hash.AppendData(part.Span);
            await stream.SendAsync(part, cancellationToken);
            left -= part.Length;
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Reads exactly as much as the destination holds.</summary>
    public static async Task ReceiveExactlyAsync(this Libp2pStream stream, Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (destination.Length > 0)
        {
            var read = await stream.ReadAsync(destination, cancellationToken);
            Assert.True(read.Count > 0, $"The stream ended early: {read.End}.");
            destination = destination[read.Count..];
        }
    }

    /// <summary>Reads to the end, hands over each piece, and says how the stream ended.</summary>
    public static async Task<StreamEnd> ReceiveAllAsync(this Libp2pStream stream, Func<ReadOnlyMemory<byte>, Task> take, CancellationToken cancellationToken)
    {
        var buffer = new byte[BlockSize];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            if (read.Count == 0)
            {
                return read.End;
            }

            await take(buffer.AsMemory(0, read.Count));
        }
    }
}
