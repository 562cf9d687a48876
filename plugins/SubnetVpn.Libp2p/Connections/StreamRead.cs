namespace SubnetVpn.Libp2p.Connections;

/// <summary>
/// What a read returned: <paramref name="Count"/> bytes, or, when it is 0, why there are none.
/// <see cref="StreamEnd.Cancelled"/> means only this read was cancelled; the stream lives and no byte is lost.
/// </summary>
/// <param name="Count">Bytes written to the destination.</param>
/// <param name="End">None while data comes; then the reason why no more will come.</param>
public readonly record struct StreamRead(int Count, StreamEnd End);
