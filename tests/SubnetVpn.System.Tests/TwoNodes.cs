using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests;

/// <summary>Two machines with a running node each, for the tests of one class.</summary>
public class TwoNodes : IAsyncLifetime
{
    private Lab? _lab;

    public LabNode A { get; private set; } = null!;

    public LabNode B { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess || !OperatingSystem.IsLinux())
        {
            return; // Each test says so itself: a fixture cannot skip.
        }

        _lab = await Lab.CreateAsync("ab");
        (A, B) = await _lab.AddPairAsync(Change);
        await Task.WhenAll(A.StartAsync(), B.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    protected virtual LabNodeSettings Change(LabNodeSettings settings) => settings;
}
