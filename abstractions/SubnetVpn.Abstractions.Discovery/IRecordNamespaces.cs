namespace SubnetVpn.Discovery;

/// <summary>
/// Companion of <see cref="IRecordStore"/> for stores that validate: the keys have the form <c>/namespace/…</c>, and only those of a
/// namespace with a validator can be stored and found. Ask for it with <c>is</c>. Thread-safe.
/// </summary>
public interface IRecordNamespaces
{
    /// <summary>Gives a namespace its validator, for our own records and for those that others store here.</summary>
    /// <param name="name">The namespace, such as <c>vpn</c> for the keys <c>/vpn/…</c>: not empty, without a slash.</param>
    /// <param name="validator">Judges the records.</param>
    /// <returns>Takes it back when disposed. Safe twice.</returns>
    /// <exception cref="ArgumentException">It is no name, or the namespace has a validator.</exception>
    IDisposable AddValidator(string name, IRecordValidator validator);
}
