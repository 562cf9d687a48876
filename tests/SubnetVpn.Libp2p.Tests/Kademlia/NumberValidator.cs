using System.Globalization;
using static System.Text.Encoding;
using SubnetVpn.Libp2p.Kademlia.Validation;

namespace SubnetVpn.Libp2p.Tests.Kademlia;

/// <summary>Takes values that are numbers in text; the highest is the best.</summary>
internal sealed class NumberValidator : IRecordValidator
{
    public const string Namespace = "number";

    public static byte[] Key(string name) => UTF8.GetBytes($"/{Namespace}/{name}");

    public static byte[] Value(int number) => UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    public static int Number(ReadOnlyMemory<byte> value) => int.Parse(UTF8.GetString(value.Span), CultureInfo.InvariantCulture);

    public bool Validate(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) =>
        int.TryParse(UTF8.GetString(value.Span), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    public int SelectBest(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        int best = 0;
        for (int index = 1; index < values.Count; index++)
        {
            best = Number(values[index]) > Number(values[best]) ? index : best;
        }

        return best;
    }
}
