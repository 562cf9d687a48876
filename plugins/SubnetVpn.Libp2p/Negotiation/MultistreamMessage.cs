using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Unicode;
using SubnetVpn.Libp2p.Encoding;

namespace SubnetVpn.Libp2p.Negotiation;

/// <summary>One message of multistream-select 1.0: <c>varint length | UTF-8 | '\n'</c>, where the length counts the line feed.</summary>
internal static class MultistreamMessage
{
    /// <summary>The most that the length may say; js-libp2p and go-libp2p draw the line there too.</summary>
    public const int MaxLength = 1024;

    /// <summary>Both sides begin with it.</summary>
    public const string Header = "/multistream/1.0.0";

    /// <summary>"Not available": the answer to a proposal that is refused.</summary>
    public const string NotAvailable = "na";

    /// <summary>Asks for the list of protocols.</summary>
    public const string List = "ls";

    private const byte LineFeed = (byte)'\n';

    /// <summary>The bytes of several messages, one after the other, to be written in one piece.</summary>
    public static byte[] Encode(params ReadOnlySpan<string> messages)
    {
        var output = new ArrayBufferWriter<byte>(64);
        foreach (var message in messages)
        {
            Write(output, message);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>The answer to <see cref="List"/>: a message that holds a message for each protocol.</summary>
    public static bool TryEncodeList(IEnumerable<string> protocols, [NotNullWhen(true)] out byte[]? encoded)
    {
        var body = new ArrayBufferWriter<byte>(256);
        foreach (var protocol in protocols)
        {
            Write(body, protocol);
        }

        body.Write([LineFeed]);
        var prefix = new byte[Uvarint.MaxLength];
        var prefixLength = Uvarint.Write(prefix, (ulong)body.WrittenCount);
        encoded = body.WrittenCount <= MaxLength ? [.. prefix.AsSpan(0, prefixLength), .. body.WrittenSpan] : null;
        return encoded is not null;
    }

    /// <summary>
    /// Parses the length at the start of a message: <see cref="OperationStatus.NeedMoreData"/> while bytes of it are
    /// missing. A length beyond the limit is not <see cref="OperationStatus.Done"/>; <paramref name="failure"/> tells why.
    /// </summary>
    public static OperationStatus ReadLength(ReadOnlySpan<byte> source, out int length, out NegotiationFailure failure)
    {
        var status = Uvarint.Read(source, out var value, out _);
        length = 0;
        failure = NegotiationFailure.None;
        if (status == OperationStatus.NeedMoreData)
        {
            // Three bytes are more than the longest valid length has: no need to wait for the rest.
            failure = source.Length > 2 ? NegotiationFailure.TooLarge : NegotiationFailure.None;
        }
        else if (status == OperationStatus.InvalidData || value == 0)
        {
            failure = NegotiationFailure.Malformed;
        }
        else if (value > MaxLength)
        {
            failure = NegotiationFailure.TooLarge;
        }
        else
        {
            length = (int)value;
        }

        return failure == NegotiationFailure.None ? status : OperationStatus.InvalidData;
    }

    /// <summary>Parses what follows the length; false unless it is a line of UTF-8.</summary>
    public static bool TryReadBody(ReadOnlySpan<byte> body, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (body is not [.. var line, LineFeed] || !Utf8.IsValid(line))
        {
            return false;
        }

        text = System.Text.Encoding.UTF8.GetString(line);
        return true;
    }

    private static void Write(ArrayBufferWriter<byte> output, string message)
    {
        var length = System.Text.Encoding.UTF8.GetByteCount(message) + 1;
        if (length > MaxLength)
        {
            throw new ArgumentException($"A protocol id of {length} bytes is too long.", nameof(message));
        }

        var span = output.GetSpan(Uvarint.MaxLength + length);
        var prefix = Uvarint.Write(span, (ulong)length);
        System.Text.Encoding.UTF8.GetBytes(message, span[prefix..]);
        span[prefix + length - 1] = LineFeed;
        output.Advance(prefix + length);
    }
}
