namespace SubnetVpn.Core.Streams;

// Health: every stream is pinged at each check, and one that does not answer several times in a row is replaced.
internal sealed partial class PeerStreamPool
{
    /// <summary>Begins a check of every stream.</summary>
    public void BeginChecks()
    {
        lock (_session.Gate)
            foreach (var channel in _channels.Concat(_draining))
                channel.BeginCheck();
    }

    /// <summary>Ends the checks that were begun, and replaces what failed too often.</summary>
    public void EndChecks()
    {
        var isAlive = false;
        lock (_session.Gate)
        {
            foreach (var channel in (StreamChannel[])[.. _channels, .. _draining])
            {
                if (channel.EndCheck() is not { } isHealthy)
                    continue;
                Metrics.HealthChecked(isHealthy);
                isAlive |= isHealthy && channel.Attempt is null;
                if (channel.FailedChecks < _settings.Live.Current.MaxConsecutiveFailures)
                    continue;
                Metrics.StreamReplaced();
                channel.End("unhealthy");
            }
        }
        if (isAlive)
            _ = _opener.ConfirmAsync(_session.Peer);
    }
}
