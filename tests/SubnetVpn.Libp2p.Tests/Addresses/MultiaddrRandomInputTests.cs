using SubnetVpn.Libp2p.Addresses;

namespace SubnetVpn.Libp2p.Tests.Addresses;

public class MultiaddrRandomInputTests
{
    [Fact]
    public void TryDecode_Noise_NeverThrowsAndReadsBack()
    {
        foreach (var bytes in RandomBytes.Noise(seed: 10, count: 50_000, maxLength: 40))
        {
            CheckBytes(bytes);
        }
    }

    [Fact]
    public void TryDecode_DamagedAddresses_NeverThrowAndReadBack()
    {
        foreach (var text in MultiaddrVectors.Valid)
        {
            foreach (var bytes in RandomBytes.Mutations(seed: 11, count: 500, Multiaddr.Parse(text).Bytes.ToArray()))
            {
                CheckBytes(bytes);
            }
        }
    }

    [Fact]
    public void TryDecode_RandomPartsOfEveryProtocol_NeverThrowAndReadBack()
    {
        var random = new Random(12);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new List<byte>();
            for (var parts = random.Next(1, 4); parts > 0; parts--)
            {
                var protocol = MultiaddrProtocols.All[random.Next(MultiaddrProtocols.All.Count)];
                var header = new byte[9];
                bytes.AddRange(header.AsSpan(0, Libp2p.Encoding.Uvarint.Write(header, (ulong)protocol.Code)));
                var value = new byte[protocol.Size < 0 ? random.Next(40) : protocol.Size];
                for (var index = 0; index < value.Length; index++)
                {
                    value[index] = (byte)(random.Next(4) == 0 ? random.Next(256) : random.Next(33, 127));
                }

                if (protocol.Size < 0)
                {
                    bytes.Add((byte)value.Length);
                }

                bytes.AddRange(value);
            }

            CheckBytes([.. bytes]);
        }
    }

    [Fact]
    public void TryParse_DamagedText_NeverThrowsAndReadsBack()
    {
        foreach (var text in MultiaddrVectors.Valid)
        {
            foreach (var bytes in RandomBytes.Mutations(seed: 13, count: 500, System.Text.Encoding.Latin1.GetBytes(text)))
            {
                var damaged = System.Text.Encoding.Latin1.GetString(bytes);
                if (Multiaddr.TryParse(damaged, out var address, out var error))
                {
                    CheckBytes(address.Bytes.ToArray());
                    Assert.Null(error);
                }
            }
        }
    }

    private static void CheckBytes(byte[] bytes)
    {
        if (!Multiaddr.TryDecode(bytes, out var address))
        {
            return;
        }

        address.TryGetPeerId(out _);
        address.TryGetTcpEndPoint(out _);
        address.WithoutPeerId();
        Assert.True(Multiaddr.TryParse(address.ToString(), out var again, out var error), $"{Convert.ToHexString(bytes)}: {error}");
        Assert.Equal(address, again);
    }
}
