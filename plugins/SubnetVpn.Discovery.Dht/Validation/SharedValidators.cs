using System.Runtime.CompilerServices;

namespace SubnetVpn.Discovery.Dht.Validation;

/// <summary>
/// The validators of each store: a namespace has one, and the networks of a node share the store. Made for the first network and taken
/// back after the last. Thread-safe.
/// </summary>
/// <typeparam name="TValidator">Which validator.</typeparam>
/// <typeparam name="TMember">What it needs of each network.</typeparam>
internal static class SharedValidators<TValidator, TMember> where TValidator : SharedValidator<TMember> where TMember : class
{
    private static readonly Lock s_gate = new();
    private static readonly ConditionalWeakTable<IRecordStore, Entry> s_entries = [];

    /// <summary>Has the records of a network judged, until the result is disposed.</summary>
    /// <param name="store">The store.</param>
    /// <param name="member">What the validator needs of the network.</param>
    /// <param name="make">Makes the validator for the first one.</param>
    /// <param name="validator">The one that serves the store; null when the store judges nothing.</param>
    /// <exception cref="VpnException">Something else judges that namespace already.</exception>
    public static IDisposable Join(IRecordStore store, TMember member, Func<TValidator> make, out TValidator? validator)
    {
        // A store that keeps what it is given, whatever it is: who reads checks it.
        validator = null;
        if (store is not IRecordNamespaces namespaces)
            return new Membership(null, member);
        lock (s_gate)
        {
            if (!s_entries.TryGetValue(store, out var entry))
            {
                var made = make();
                entry = new Entry(store, made, Register(namespaces, made));
                s_entries.Add(store, entry);
            }
            validator = entry.Validator;
            validator.Add(member);
            return new Membership(entry, member);
        }
    }

    private static IDisposable Register(IRecordNamespaces namespaces, TValidator validator)
    {
        try
        {
            return namespaces.AddValidator(validator.Namespace, validator);
        }
        catch (ArgumentException exception)
        {
            throw new VpnException(VpnErrorReason.Discovery, $"the records /{validator.Namespace}/ of the hash table are another plugin's: {exception.Message}", exception);
        }
    }

    private sealed record Entry(IRecordStore Store, TValidator Validator, IDisposable Registration);

    private sealed class Membership(Entry? entry, TMember member) : IDisposable
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
