using SubnetVpn.Streams;

namespace SubnetVpn.TestKit.Transports;

/// <summary>Reads and writes plain bytes over an <see cref="IVpnStream"/>.</summary>
public static class StreamIO
{
    private const int MaxBuffer = 32 * 1024;

    /// <summary>Writes bytes.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="bytes">The bytes; left as they are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see cref="StreamEnd.None"/> when all were accepted.</returns>
    public static async Task<StreamEnd> WriteAsync(this IVpnStream stream, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, MaxBuffer)];
            var buffer = new PacketBuffer(part.Length);
            buffer.Set(part.Span);
            if (await stream.WriteAsync(new[] { buffer }, cancellationToken).ConfigureAwait(false) is not StreamEnd.None and var end)
                return end;
            bytes = bytes[part.Length..];
        }
        return StreamEnd.None;
    }

    /// <summary>Reads so many bytes; fails the test when the stream ends before.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<byte[]> ReadAsync(this IVpnStream stream, int count, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var result = new byte[count];
        for (var done = 0; done < count;)
        {
            var read = await stream.ReadAsync(result.AsMemory(done), cancellationToken).ConfigureAwait(false);
            Assert.True(read.Count > 0, $"The stream ended after {done} of {count} bytes: {read.End}");
            done += read.Count;
        }
        return result;
    }

    /// <summary>Reads until the stream ends.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What came, and how it ended.</returns>
    public static async Task<(byte[] Bytes, StreamEnd End)> ReadToEndAsync(this IVpnStream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var result = new MemoryStream();
        var buffer = new byte[MaxBuffer];
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
            if (read.Count == 0)
                return (result.ToArray(), read.End);
            Assert.Equal(StreamEnd.None, read.End);
            result.Write(buffer, 0, read.Count);
        }
    }

    /// <summary>Bytes that differ from those of other seeds; the same seed gives the same bytes.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Any number.</param>
    public static byte[] Pattern(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
