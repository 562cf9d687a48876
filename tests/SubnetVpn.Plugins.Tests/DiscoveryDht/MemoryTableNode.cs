using System.Runtime.CompilerServices;
using System.Text;
using SubnetVpn.Discovery;

namespace SubnetVpn.Plugins.Tests.DiscoveryDht;

/// <summary>A node of a <see cref="MemoryTable"/>. Thread-safe.</summary>
internal sealed class MemoryTableNode(MemoryTable table) : IRecordStore, IRecordNamespaces, IRecordStoreFactory, IRecordStoreStatus
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IRecordValidator> _validators = [];
    private readonly Dictionary<string, byte[]> _records = [];
    private int _gets;
    private int _puts;

    /// <summary>Whether it reaches nobody, and nobody reaches it.</summary>
    public volatile bool IsCut;

    public bool IsOff { get; init; }

    /// <summary>What a search waits for.</summary>
    public volatile Task Held = Task.CompletedTask;

    /// <summary>What it throws instead of an answer.</summary>
    public volatile Exception? Fault;

    public RecordStoreSettings? Opened { get; private set; }

    public int Gets => Volatile.Read(ref _gets);

    public int Puts => Volatile.Read(ref _puts);

    public int KnownPeers => Others.Count();

    public IReadOnlyDictionary<string, byte[]> Records
    {
        get
        {
            lock (_gate)
                return new Dictionary<string, byte[]>(_records);
        }
    }

    private IEnumerable<MemoryTableNode> Others => IsCut ? [] : table.Nodes.Where(node => node != this && !node.IsCut);

    public IRecordStore Open(RecordStoreSettings settings)
    {
        Opened = settings;
        return this;
    }

    public IDisposable AddValidator(string name, IRecordValidator validator)
    {
        lock (_gate)
            if (!_validators.TryAdd(name, validator))
                throw new ArgumentException("The namespace has a validator.");
        return new Registration(() =>
        {
            lock (_gate)
                _validators.Remove(name);
        });
    }

    public ValueTask<int> PutAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _puts);
        if (Fault is { } fault)
            throw fault;
        if (FindValidator(key)?.IsValid(key, value) != true)
            throw new ArgumentException("The validator does not take it.");
        return ValueTask.FromResult((Store(key, value) ? 1 : 0) + Others.Count(node => node.Store(key, value)));
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> GetAsync(ReadOnlyMemory<byte> key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _gets);
        await Held.WaitAsync(cancellationToken);
        if (Fault is { } fault)
            throw fault;
        var validator = FindValidator(key);
        var values = Others.Prepend(this).Select(node => node.Find(key)).OfType<byte[]>().DistinctBy(Convert.ToHexString)
            .Select(static value => (ReadOnlyMemory<byte>)value).Where(value => validator?.IsValid(key, value) == true).ToList();
        if (values.Count == 0)
            yield break;
        var best = validator!.SelectBest(key, values);
        yield return values[best];
        foreach (var (index, value) in values.Index())
            if (index != best)
                yield return value;
    }

    /// <summary>Keeps a value as a peer of the table would have it, if the validator takes it.</summary>
    public bool Store(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        if (FindValidator(key) is not { } validator || !validator.IsValid(key, value))
            return false;
        lock (_gate)
        {
            var name = Convert.ToHexString(key.Span);
            if (_records.TryGetValue(name, out var old) && validator.IsValid(key, old) && validator.SelectBest(key, [old, value]) == 0)
                return old.AsSpan().SequenceEqual(value.Span);
            _records[name] = value.ToArray();
            return true;
        }
    }

    /// <summary>Puts a value there, whatever it is.</summary>
    public void Plant(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        lock (_gate)
            _records[Convert.ToHexString(key.Span)] = value.ToArray();
    }

    public void Clear()
    {
        lock (_gate)
            _records.Clear();
    }

    public byte[]? Find(ReadOnlyMemory<byte> key)
    {
        lock (_gate)
            return _records.GetValueOrDefault(Convert.ToHexString(key.Span));
    }

    private IRecordValidator? FindValidator(ReadOnlyMemory<byte> key)
    {
        var length = key.Span[1..].IndexOf((byte)'/');
        lock (_gate)
            return length > 0 ? _validators.GetValueOrDefault(Encoding.UTF8.GetString(key.Span.Slice(1, length))) : null;
    }

    private sealed class Registration(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }
}
