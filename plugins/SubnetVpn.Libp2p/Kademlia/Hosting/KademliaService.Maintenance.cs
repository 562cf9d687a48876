using Microsoft.Extensions.Logging;

namespace SubnetVpn.Libp2p.Kademlia.Hosting;

/// <summary>Joining the network, and what is done in it again and again.</summary>
public sealed partial class KademliaService
{
    /// <summary>The first pause after nobody answered; it doubles up to the maintenance interval.</summary>
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(1);

    /// <summary>Makes sure that somebody was asked before the first lookup. Calls at the same time share the attempt.</summary>
    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        Start();
        if (_node.Table.Count > 0)
        {
            return;
        }

        Task joining;
        lock (_gate)
        {
            if (_joining.IsCompleted)
            {
                _joining = Task.Run(() => _node.BootstrapAsync(_stopping.Token));
            }

            joining = _joining;
        }

        // Ended by the service rather than by the caller: what the lookup finds is then nothing.
        await joining.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task MaintainAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause = s_firstRetry;
        bool wasJoined = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _node.MaintainAsync(cancellationToken).ConfigureAwait(false);
                int peers = _node.Table.Count;
                if (peers > 0 != wasJoined)
                {
                    wasJoined = peers > 0;
                    LogMembership(_options.Protocol, peers);
                }

                pause = wasJoined || pause * 2 > _options.MaintenanceInterval ? _options.MaintenanceInterval : pause * 2;
                await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
                pause = wasJoined ? s_firstRetry : pause;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogMaintenanceFailed(exception);
                await Task.Delay(_options.MaintenanceInterval, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(EventId = 40, Level = LogLevel.Information, Message = "The hash table {Protocol} has {Peers} peers for us.")]
    private partial void LogMembership(string protocol, int peers);

    [LoggerMessage(EventId = 41, Level = LogLevel.Error, Message = "A round of keeping up the hash table failed.")]
    private partial void LogMaintenanceFailed(Exception exception);
}
