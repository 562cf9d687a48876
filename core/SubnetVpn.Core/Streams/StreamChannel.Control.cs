using System.Buffers.Binary;
using SubnetVpn.Core.Frames;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

// The acceptor's direction: its hello, pongs and goodbye. A peer of the original network sends nothing; whatever it
// would send is read and dropped. The end of this direction is how a dead stream is noticed while nothing is written.
internal sealed partial class StreamChannel
{
    private void Read(Hello hello)
    {
        PeerMtu = Math.Min(hello.Mtu, _context.Mtu);
        PeerAgent = hello.AgentVersion;
        PeerInstance = hello.Number;
        _context.Heard(Info.Peer, hello);
    }

    private async Task ReadControlAsync()
    {
        var reader = new FrameReader(_stream, _context.Mtu);
        try
        {
            while (true)
            {
                var read = IsLegacy ? await reader.DiscardAsync(_stopping.Token) : await reader.ReadControlAsync(_stopping.Token);
                if (read.Error != FrameError.None)
                {
                    _stream.Reset();
                    End(FrameErrorNames.Of(read.Error));
                    return;
                }
                if (read.End != StreamEnd.None)
                {
                    End(StreamEndNames.Of(read.End));
                    return;
                }
                switch (read.Type)
                {
                    case FrameType.Hello when HelloCodec.TryDecode(read.Body.Span, out var hello):
                        Read(hello);
                        break;
                    case FrameType.Hello:
                        _stream.Reset();
                        End(FrameErrorNames.Of(FrameError.MalformedHello));
                        return;
                    case FrameType.Pong:
                        if (BinaryPrimitives.ReadInt64BigEndian(read.Body.Span) is var number && IsLastPing(number))
                            _owner!.Ponged(this, number);
                        break;
                    case FrameType.Account:
                        var account = StreamAccount.Decode(read.Body.Span);
                        _owner!.Accounted(this, account.Stream, account.Packets);
                        break;
                    case FrameType.Goodbye when GoodbyeCodec.TryDecode(read.Body.Span, out var goodbye):
                        End(goodbye.Reason == GoodbyeReason.NotAllowed ? Refused : "goodbye", goodbye.Text);
                        return;
                    case FrameType.Goodbye:
                        _stream.Reset();
                        End(FrameErrorNames.Of(FrameError.MalformedGoodbye));
                        return;
                    default:
                        // Types we do not know are skipped.
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The channel ended.
        }
        catch (Exception exception)
        {
            Log.ReaderFailed(_context.Logger, exception, Info.Name, Info.Peer);
            End("internal_error");
        }
    }
}
