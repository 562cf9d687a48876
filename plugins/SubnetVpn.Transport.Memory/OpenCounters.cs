using SubnetVpn.Streams;

namespace SubnetVpn.Transport.Memory;

/// <summary>Counts how attempts to open a stream went. Thread-safe.</summary>
internal sealed class OpenCounters
{
    private static readonly string[] s_names = [.. Enum.GetValues<OpenStreamFailure>().Select(NameOf)];
    private readonly long[] _counts = new long[s_names.Length];

    public void Count(OpenStreamFailure failure) => Interlocked.Increment(ref _counts[(int)failure]);

    /// <summary>Those that are not 0.</summary>
    public IReadOnlyDictionary<string, long> Read()
    {
        var result = new Dictionary<string, long>();
        for (var i = 0; i < _counts.Length; i++)
            if (Volatile.Read(ref _counts[i]) is > 0 and var count)
                result.Add(s_names[i], count);
        return result;
    }

    private static string NameOf(OpenStreamFailure failure) => failure == OpenStreamFailure.None
        ? "open_stream.opened"
        : "open_stream_failed." + string.Concat(failure.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
