namespace SubnetVpn.Transport.Memory.Streams;

/// <summary>Something on its way through a pipe.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">How many bytes, for <see cref="ArrivalKind.Data"/>.</param>
/// <param name="Due">When it arrives.</param>
internal readonly record struct Arrival(ArrivalKind Kind, int Bytes, TimeSpan Due);
