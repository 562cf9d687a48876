using System.Security.Cryptography;
using SubnetVpn.Libp2p.Connections;

namespace SubnetVpn.Libp2p.Tests.Hosting;

/// <summary>Sends and takes seeded bytes over a stream.</summary>
internal static class StreamPump
{
    /// <summary>Writes <paramref name="length"/> seeded bytes in pieces, closes for writing, and returns their hash.</summary>
    public static async Task<string> SendAsync(Libp2pStream stream, int seed, long length, int piece = 64 * 1024)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var random = new Random(seed);
        var buffer = new byte[piece];
        for (long sent = 0; sent < length;)
        {
            int count = (int)Math.Min(piece, length - sent);
            random.NextBytes(buffer.AsSpan(0, count));
            hash.AppendData(buffer, 0, count);
            Assert.Equal(StreamEnd.None, await stream.WriteAsync(buffer.AsMemory(0, count), TestContext.Current.CancellationToken));
            sent += count;
        }

        Assert.Equal(StreamEnd.None, await stream.CloseWriteAsync(TestContext.Current.CancellationToken));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Reads to the end and returns the hash and how many bytes came.</summary>
    public static async Task<(string Hash, long Length)> ReceiveAsync(Libp2pStream stream, int piece = 64 * 1024)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[piece];
        for (long length = 0; ;)
        {
            StreamRead read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            if (read.Count == 0)
            {
                Assert.Equal(StreamEnd.Completed, read.End);
                return (Convert.ToHexString(hash.GetHashAndReset()), length);
            }

            hash.AppendData(buffer, 0, read.Count);
            length += read.Count;
        }
    }

    /// <summary>Sends everything back that comes.</summary>
    public static async Task EchoAsync(Libp2pStream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            StreamRead read = await stream.ReadAsync(buffer, cancellationToken);
            if (read.Count == 0)
            {
                break;
            }

            if (await stream.WriteAsync(buffer.AsMemory(0, read.Count), cancellationToken) != StreamEnd.None)
            {
                return;
            }
        }

        await stream.CloseWriteAsync(cancellationToken);
    }
}
