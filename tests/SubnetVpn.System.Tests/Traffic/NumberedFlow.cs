using System.Net.Sockets;

namespace SubnetVpn.System.Tests.Traffic;

/// <summary>One flow of <see cref="NumberedFlows"/>: a socket of its own, and which numbers have come.</summary>
internal sealed class NumberedFlow(int id, Socket socket) : IDisposable
{
    private readonly HashSet<int> _seen = [];
    private readonly UdpFlowReport _report = new();
    private int _next;
    private int _highest = -1;
    private int _received;

    public int Id => id;

    public Socket Socket => socket;

    /// <summary>How many of its packets have come; those that came twice count once.</summary>
    public int Received => Volatile.Read(ref _received);

    /// <summary>What became of its packets. To be read when all have come.</summary>
    public UdpFlowReport Report => _report with { Sent = Volatile.Read(ref _next), Received = Received };

    public int TakeNumber() => _next++;

    /// <summary>A packet has come; false when its number was never sent.</summary>
    public bool TryNote(int number)
    {
        if (number < 0 || number >= Volatile.Read(ref _next))
        {
            return false;
        }

        if (!_seen.Add(number))
        {
            _report.Duplicates++;
            return true;
        }

        _report.Reordered += number < _highest ? 1 : 0;
        _highest = Math.Max(_highest, number);
        Volatile.Write(ref _received, _seen.Count);
        return true;
    }

    public void Dispose() => socket.Dispose();
}
