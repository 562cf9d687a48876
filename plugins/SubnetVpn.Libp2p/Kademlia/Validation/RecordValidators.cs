using System.Collections.Concurrent;

namespace SubnetVpn.Libp2p.Kademlia.Validation;

/// <summary>The validators by namespace. A key whose namespace has none can be neither stored nor found.</summary>
internal sealed class RecordValidators
{
    private readonly ConcurrentDictionary<string, IRecordValidator> _validators = new(StringComparer.Ordinal)
    {
        [PublicKeyValidator.Namespace] = new PublicKeyValidator(),
    };

    /// <summary>Adds one until the result is disposed.</summary>
    /// <exception cref="ArgumentException">The name is empty or has a slash in it, or has a validator already.</exception>
    public IDisposable Add(string name, IRecordValidator validator)
    {
        if (string.IsNullOrEmpty(name) || name.Contains('/', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{name}' is no namespace: one or more characters, none of them a slash.", nameof(name));
        }

        return _validators.TryAdd(name, validator)
            ? new Registration(this, name)
            : throw new ArgumentException($"The namespace '{name}' has a validator.", nameof(name));
    }

    public IRecordValidator? Find(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty || key[0] != (byte)'/')
        {
            return null;
        }

        int length = key[1..].IndexOf((byte)'/');
        return length > 0 && _validators.TryGetValue(System.Text.Encoding.UTF8.GetString(key.Slice(1, length)), out IRecordValidator? validator)
            ? validator
            : null;
    }

    /// <summary>Why a value may not stand under a key, or None.</summary>
    public KademliaRefusal Check(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) =>
        Find(key.Span) is not { } validator ? KademliaRefusal.UnknownNamespace
        : validator.Validate(key, value) ? KademliaRefusal.None
        : KademliaRefusal.InvalidRecord;

    private sealed class Registration(RecordValidators owner, string name) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                owner._validators.TryRemove(name, out _);
            }
        }
    }
}
