using System.Collections.Concurrent;
using System.Diagnostics;

namespace SubnetVpn.TestKit.Metrics;

/// <summary>Keeps the spans of the source <c>SubnetVpn</c> that end while it lives. Thread-safe.</summary>
/// <remarks>Spans of tests beside this one come here too: pick one's own by their tags.</remarks>
public sealed class SpanProbe : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    /// <summary>Begins to listen.</summary>
    public SpanProbe()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "SubnetVpn",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans of a name that have all of the tags, in the order they ended.</summary>
    /// <param name="name">The name.</param>
    /// <param name="tags">Tags and values.</param>
    public IReadOnlyList<Activity> Find(string name, params (string Key, string Value)[] tags) =>
        [.. _ended.Where(span => span.OperationName == name && tags.All(tag => span.GetTagItem(tag.Key) as string == tag.Value))];

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
