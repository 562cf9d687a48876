using System.Diagnostics.Metrics;

namespace SubnetVpn.TestKit.Metrics;

/// <summary>Reads the instruments of the meter <c>SubnetVpn</c> of one scope, as a collector would. Thread-safe.</summary>
public sealed class MetricProbe : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Instrument> _instruments = [];
    private readonly List<Measured> _collected = [];
    private readonly List<Measured> _recorded = [];

    /// <summary>Begins to listen.</summary>
    /// <param name="scope">The factory that the node under test was given.</param>
    public MetricProbe(IMeterFactory scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != "SubnetVpn" || !ReferenceEquals(instrument.Meter.Scope, scope))
                return;
            lock (_gate)
                _instruments[instrument.Name] = instrument;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The instruments that were published so far, by name.</summary>
    public IReadOnlyDictionary<string, Instrument> Instruments
    {
        get
        {
            lock (_gate)
                return new Dictionary<string, Instrument>(_instruments);
        }
    }

    /// <summary>Collects, and returns the measurements: for histograms, all that were ever recorded.</summary>
    public IReadOnlyList<Measured> Collect()
    {
        lock (_gate)
        {
            _collected.Clear();
            _listener.RecordObservableInstruments();
            return [.. _collected, .. _recorded];
        }
    }

    /// <summary>Collects one instrument: the sum of the measurements that have all of the tags.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tags">Tags as <c>key=value</c>.</param>
    public double Sum(string name, params string[] tags) =>
        Collect().Where(measured => measured.Name == name && tags.All(measured.Tags.Contains)).Sum(static measured => measured.Value);

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, tag) in tags)
            texts.Add($"{key}={tag}");
        lock (_gate)
            (instrument.IsObservable ? _collected : _recorded).Add(new Measured(instrument.Name, texts, value));
    }
}
