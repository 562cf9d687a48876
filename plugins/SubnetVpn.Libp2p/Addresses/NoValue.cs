namespace SubnetVpn.Libp2p.Addresses;

/// <summary>For protocols that are only a name: <c>/quic-v1</c>.</summary>
internal sealed class NoValue : MultiaddrValue
{
    public static readonly NoValue Instance = new();

    public override int Size => 0;

    public override string Expected => "nothing";

    public override bool TryParse(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        return text.IsEmpty;
    }

    public override string? Format(ReadOnlySpan<byte> bytes) => string.Empty;
}
