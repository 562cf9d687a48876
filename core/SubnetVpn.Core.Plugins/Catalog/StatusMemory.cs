namespace SubnetVpn.Core.Plugins.Catalog;

/// <summary>Brings back the status of plugins when it is disposed of.</summary>
internal sealed class StatusMemory(IReadOnlyList<Action> restore) : IDisposable
{
    public void Dispose()
    {
        foreach (var action in restore)
            action();
    }
}
