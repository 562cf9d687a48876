using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Two nodes, 10.0.0.1 and 10.0.0.2, that know each other and have a stream each.</summary>
internal sealed record TestPair(TestNode A, TestNode B) : IAsyncDisposable
{
    public static async Task<TestPair> StartAsync(MemoryNetwork network)
    {
        var pair = new TestPair(new TestNode(network, "a", "10.0.0.1"), new TestNode(network, "b", "10.0.0.2"));
        await pair.A.StartWithAsync(pair.B);
        return pair;
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
