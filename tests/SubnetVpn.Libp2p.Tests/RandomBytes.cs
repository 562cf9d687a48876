namespace SubnetVpn.Libp2p.Tests;

/// <summary>Seeded input for parsers: noise, and valid input with a few bytes changed, cut or added.</summary>
internal static class RandomBytes
{
    public static IEnumerable<byte[]> Noise(int seed, int count, int maxLength)
    {
        var random = new Random(seed);
        for (var index = 0; index < count; index++)
        {
            var bytes = new byte[random.Next(maxLength + 1)];
            random.NextBytes(bytes);
            yield return bytes;
        }
    }

    public static IEnumerable<byte[]> Mutations(int seed, int count, byte[] valid)
    {
        var random = new Random(seed);
        for (var index = 0; index < count; index++)
        {
            var bytes = valid.ToList();
            for (var change = random.Next(1, 4); change > 0 && bytes.Count > 0; change--)
            {
                var position = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[position] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(position, bytes.Count - position);
                        break;
                    case 2:
                        bytes.Insert(position, (byte)random.Next(256));
                        break;
                    default:
                        bytes[position] ^= (byte)(1 << random.Next(8));
                        break;
                }
            }

            yield return [.. bytes];
        }
    }
}
