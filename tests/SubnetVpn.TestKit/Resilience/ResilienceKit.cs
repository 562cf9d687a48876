using SubnetVpn.Resilience;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.TestKit.Resilience;

/// <summary>What the three kits for resilience policies share; inherit those.</summary>
public abstract class ResilienceKit
{
    /// <summary>Milliseconds after which a test is given up.</summary>
    protected const int Limit = 60_000;

    /// <summary>A key.</summary>
    protected static ResilienceKey Key { get; } = ResilienceKey.ForPeer("open_stream", TestPeers.Create(1));

    /// <summary>Another key.</summary>
    protected static ResilienceKey OtherKey { get; } = ResilienceKey.ForPeer("open_stream", TestPeers.Create(2));

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The clock of the policies.</summary>
    protected ManualTimeProvider Time { get; } = new();

    /// <summary>Makes a policy.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="time">Its clock.</param>
    protected abstract IResiliencePolicy Create(ResilienceSettings settings, TimeProvider time);

    /// <summary>Executes under <see cref="Key"/>, and moves the clock over every pause.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="cancellationToken">Cancels it; null for <see cref="Token"/>.</param>
    protected async Task<ResilienceResult<int>> ExecuteAsync(IResiliencePolicy policy, ScriptedOperation operation, CancellationToken? cancellationToken = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var execution = policy.ExecuteAsync(Key, static (script, token) => script.RunAsync(token), operation, cancellationToken ?? Token).AsTask();
        await Time.RunUntilAsync(execution);
        return await execution;
    }
}
