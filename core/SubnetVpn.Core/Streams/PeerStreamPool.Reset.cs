namespace SubnetVpn.Core.Streams;

internal sealed partial class PeerStreamPool
{
    /// <summary>An operator asks for it: neither a pause nor a retry is waited for, and a stream is opened though there is no packet.</summary>
    public void TryNow()
    {
        lock (_session.Gate)
        {
            _pause?.Dispose();
            _pause = null;
            // What dials now could not be sooner.
            if (!_attempts.Any(static attempt => attempt.IsDialling))
                CancelAttempts();
            OpenMore(Math.Max(1, _settings.MinStreams));
        }
    }
}
