namespace SubnetVpn;

/// <summary>Decodes base58btc: enough to check the shape of a peer id without a dependency.</summary>
internal static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    public static bool TryDecode(string text, Span<byte> destination, out int length)
    {
        length = 0;
        foreach (var character in text)
        {
            var carry = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (carry < 0)
                return false;
            // destination[..length] holds the number so far, least significant byte first.
            for (var i = 0; i < length; i++)
            {
                carry += destination[i] * 58;
                destination[i] = (byte)carry;
                carry >>= 8;
            }
            while (carry > 0)
            {
                if (length == destination.Length)
                    return false;
                destination[length++] = (byte)carry;
                carry >>= 8;
            }
        }
        foreach (var character in text)
        {
            if (character != '1')
                break;
            if (length == destination.Length)
                return false;
            destination[length++] = 0;
        }
        destination[..length].Reverse();
        return true;
    }
}
