namespace SubnetVpn.Transport.Memory.Streams;

/// <summary>What travels through a pipe, in order.</summary>
internal enum ArrivalKind
{
    /// <summary>Bytes.</summary>
    Data,

    /// <summary>The writer has finished.</summary>
    Finish,

    /// <summary>The writer no longer reads what comes the other way.</summary>
    StopReading,

    /// <summary>The writer ended both ways; overtakes nothing, but what is unread is lost.</summary>
    Reset,
}
