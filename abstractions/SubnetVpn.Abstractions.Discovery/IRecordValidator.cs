namespace SubnetVpn.Discovery;

/// <summary>
/// Judges the records of one namespace, on every node that knows it: what is not valid is neither stored nor returned.
/// Thread-safe, fast, without I/O; must not throw, as anything may come from anybody (a validator that throws has said no).
/// </summary>
public interface IRecordValidator
{
    /// <summary>Whether a record may be stored and returned now: well-formed, signed by who may, not expired.</summary>
    /// <param name="key">The key, with its namespace. At most 256 bytes.</param>
    /// <param name="value">The value. At most 8 KiB.</param>
    bool IsValid(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value);

    /// <summary>Which of several valid records under one key is the best, such as the newest. All nodes must agree.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">At least one value; each was found valid a moment ago.</param>
    /// <returns>The index of the best.</returns>
    int SelectBest(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values);
}
