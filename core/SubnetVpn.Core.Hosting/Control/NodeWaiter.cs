using SubnetVpn.Core.Hosting.Control.Contracts;

namespace SubnetVpn.Core.Hosting.Control;

/// <summary>Waits until a node is running.</summary>
public static class NodeWaiter
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits.</summary>
    /// <param name="client">Asks the node.</param>
    /// <param name="timeout">How long.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The node's status, once it runs.</returns>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Control"/>: it does not run in time; the message says how far it came.</exception>
    public static async Task<NodeStatus> WaitAsync(ControlClient client, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(time);
        var start = time.GetTimestamp();
        while (true)
        {
            string reason;
            try
            {
                var status = await client.GetStatusAsync(cancellationToken);
                if (status.State == "running")
                    return status;
                reason = $"the node is {status.State}.";
            }
            catch (VpnException exception)
            {
                reason = exception.Message;
            }
            if (time.GetElapsedTime(start) >= timeout)
                throw new VpnException(VpnErrorReason.Control, $"not running after {timeout.TotalSeconds} s: {reason}");
            await Task.Delay(s_interval, time, cancellationToken);
        }
    }
}
