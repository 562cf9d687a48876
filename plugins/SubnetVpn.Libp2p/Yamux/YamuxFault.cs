namespace SubnetVpn.Libp2p.Yamux;

/// <summary>What a peer did wrong on the yamux layer. Each one ends the connection with GoAway(1).</summary>
public enum YamuxFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The version of a header is not 0.</summary>
    BadVersion,

    /// <summary>An unknown frame type.</summary>
    BadType,

    /// <summary>Unknown flags, or flags that exclude each other.</summary>
    BadFlags,

    /// <summary>A frame of a stream with id 0, a session frame with another one, or a stream id of the wrong side.</summary>
    BadStreamId,

    /// <summary>A stream was opened twice.</summary>
    DuplicateStream,

    /// <summary>More data than the credit that was given.</summary>
    OverWindow,

    /// <summary>Credit that adds up to more than 32 bits.</summary>
    WindowOverflow,

    /// <summary>Data after the peer had finished writing.</summary>
    DataAfterFin,

    /// <summary>Frames for streams that do not exist, beyond what closed streams can explain.</summary>
    UnknownStreamFlood,

    /// <summary>So many streams beyond the limit that the refusals cannot be sent.</summary>
    RefusedStreamFlood,
}
