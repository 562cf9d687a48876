namespace SubnetVpn.Simulation.Tests.Wire;

/// <summary>What went over one stream, seen from both of its ends. Guarded by the ledger.</summary>
internal sealed class StreamRecord
{
    /// <summary>Packets that the opener handed to its end, whether the batch was taken or not.</summary>
    public long Handed { get; set; }

    /// <summary>Packets that the acceptor has read to their last byte.</summary>
    public long Read { get; set; }

    // An end that never was: the other one may have given up before.
    public bool HasOpener { get; set; }

    public bool HasAcceptor { get; set; }

    public bool OpenerIsOver { get; set; }

    public bool AcceptorIsOver { get; set; }

    /// <summary>Whether nothing can be written or read any more.</summary>
    public bool IsOver => (OpenerIsOver || !HasOpener) && (AcceptorIsOver || !HasAcceptor);
}
