using System.Diagnostics.Metrics;

namespace SubnetVpn.Core.Tests.Metrics;

/// <summary>Collects the measurements of one scope.</summary>
internal sealed class Collector : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<(string Name, string Tags, long Value)> _values = [];

    public Collector(IMeterFactory scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "SubnetVpn" && ReferenceEquals(instrument.Meter.Scope, scope))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public List<(string Name, string Tags, long Value)> Collect()
    {
        _values.Clear();
        _listener.RecordObservableInstruments();
        return _values;
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new List<string>();
        foreach (var (key, tag) in tags)
            text.Add($"{key}={tag}");
        Assert.False(string.IsNullOrEmpty(instrument.Unit));
        Assert.False(string.IsNullOrEmpty(instrument.Description));
        _values.Add((instrument.Name, string.Join(',', text.Order(StringComparer.Ordinal)), value));
    }
}
