using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Tests.Yamux;

/// <summary>Two ends, and the wire between them that moves when the test says so.</summary>
internal sealed class YamuxLink(YamuxOptions? options = null, TimeProvider? time = null)
{
    public YamuxEnd Dialer { get; } = new(isDialer: true, options, time);

    public YamuxEnd Listener { get; } = new(isDialer: false, options, time);

    /// <summary>Carries what was sent to the other end, to and fro until nothing moves, in pieces of any size.</summary>
    public void Exchange(int pieceBytes = int.MaxValue)
    {
        for (bool moved = true; moved;)
        {
            moved = Carry(Dialer, Listener, pieceBytes) | Carry(Listener, Dialer, pieceBytes);
        }
    }

    private static bool Carry(YamuxEnd from, YamuxEnd to, int pieceBytes)
    {
        byte[] bytes = from.TakeBytes();
        for (int position = 0; position < bytes.Length;)
        {
            int count = Math.Min(pieceBytes, bytes.Length - position);
            Assert.Equal(YamuxFault.None, to.Session.Receive(bytes.AsSpan(position, count)));
            position += count;
        }

        to.Session.EndBatch();
        return bytes.Length > 0;
    }
}
