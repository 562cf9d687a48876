namespace SubnetVpn.Transport.Memory;

/// <summary>Runs an action when it is first disposed of.</summary>
internal sealed class Subscription(Action end) : IDisposable
{
    private Action? _end = end;

    public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
}
