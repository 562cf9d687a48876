using System.Runtime.CompilerServices;

namespace SubnetVpn.Discovery.Dht.Validation;

/// <summary>
/// The validator of each store: a namespace has one, and the networks of a node share the store. Made for the first network and taken
/// back after the last. Thread-safe.
/// </summary>
internal static class SharedValidators
{
    private static readonly Lock s_gate = new();
    private static readonly ConditionalWeakTable<IRecordStore, Entry> s_entries = [];

    /// <summary>Has the records of a network judged, until the result is disposed.</summary>
    /// <exception cref="VpnException">Something else judges that namespace already.</exception>
    public static IDisposable Join(IRecordStore store, MemberRecords member, IEd25519 ed25519, TimeProvider time)
    {
        // A store that keeps what it is given, whatever it is: who reads checks it.
        if (store is not IRecordNamespaces namespaces)
            return new Membership(null, member);
        lock (s_gate)
        {
            if (!s_entries.TryGetValue(store, out var entry))
            {
                var validator = new RecordValidator(ed25519, time);
                entry = new Entry(store, validator, Register(namespaces, validator));
                s_entries.Add(store, entry);
            }
            entry.Validator.Add(member);
            return new Membership(entry, member);
        }
    }

    private static IDisposable Register(IRecordNamespaces namespaces, RecordValidator validator)
    {
        try
        {
            return namespaces.AddValidator(Records.RecordKey.Namespace, validator);
        }
        catch (ArgumentException exception)
        {
            throw new VpnException(VpnErrorReason.Discovery, $"The records /{Records.RecordKey.Namespace}/ of the hash table are another plugin's: {exception.Message}", exception);
        }
    }

    private sealed record Entry(IRecordStore Store, RecordValidator Validator, IDisposable Registration);

    private sealed class Membership(Entry? entry, MemberRecords member) : IDisposable
    {
        private bool _isDisposed;

        public void Dispose()
        {
            lock (s_gate)
            {
                if (_isDisposed || entry is null)
                    return;
                _isDisposed = true;
                if (entry.Validator.Remove(member) > 0)
                    return;
                s_entries.Remove(entry.Store);
                entry.Registration.Dispose();
            }
        }
    }
}
