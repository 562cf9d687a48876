namespace SubnetVpn.Libp2p.Addresses;

/// <summary>How the values of some protocols look in bytes and in text. What one form accepts, the other does too, so that every value makes the round trip.</summary>
internal abstract class MultiaddrValue
{
    /// <summary>The size of values that carry their length in front of them.</summary>
    public const int Variable = -1;

    /// <summary>The number of bytes of every value, or <see cref="Variable"/>.</summary>
    public abstract int Size { get; }

    /// <summary>Whether the value takes all that is left of the text, slashes too.</summary>
    public virtual bool TakesRestOfText => false;

    /// <summary>What a text must be, to be told to who wrote another: "a port from 0 to 65535".</summary>
    public abstract string Expected { get; }

    public abstract bool TryParse(ReadOnlySpan<char> text, out byte[] bytes);

    /// <summary>The text of a value; null when the bytes are no valid value. Their number is <see cref="Size"/> unless that is variable.</summary>
    public abstract string? Format(ReadOnlySpan<byte> bytes);
}
