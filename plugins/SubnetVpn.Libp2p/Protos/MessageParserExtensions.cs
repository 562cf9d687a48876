using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace SubnetVpn.Libp2p.Protos;

/// <summary>Parses messages of a peer without letting malformed ones become exceptions.</summary>
internal static class MessageParserExtensions
{
    public static bool TryParse<T>(this MessageParser<T> parser, ReadOnlySpan<byte> source, [NotNullWhen(true)] out T? message)
        where T : class, IMessage<T>
    {
        try
        {
            message = parser.ParseFrom(source);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            message = null;
            return false;
        }
    }
}
