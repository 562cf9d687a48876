using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>Start, keep-alive and end.</summary>
public sealed partial class Libp2pConnection
{
    /// <summary>How long our last frames may take to leave, and the peer to close its end.</summary>
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _receiveEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private volatile bool _draining;

    /// <summary>Completes when nothing of the connection is left.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Closes the connection; its streams end with ConnectionLost. Completes when nothing is left of it. Safe twice.</summary>
    public Task CloseAsync() => CloseAsync(ConnectionEnd.ClosedLocally);

    internal void Start()
    {
        TimeSpan interval = _context.Yamux.KeepAliveInterval;
        if (interval > TimeSpan.Zero)
        {
            _timer = _context.Time.CreateTimer(static state => ((Libp2pConnection)state!).OnTimer(), this, interval, interval);
            Session.SendPing();
        }

        _link.RunOnLoop();
        _ = ReceiveLoopAsync();
    }

    /// <summary>Closes the connection and ends its streams. Safe twice; the first reason stays. Completes within about a second.</summary>
    internal Task CloseAsync(ConnectionEnd reason)
    {
        BeginClose(reason, YamuxGoAwayCode.Normal);
        return _closed.Task;
    }

    void IYamuxOwner.RemoteGoAway(uint code)
    {
        _draining = true;
        if (code != (uint)YamuxGoAwayCode.Normal)
        {
            BeginClose(ConnectionEnd.PeerReportedError, null);
        }
        else if (Session.StreamCount == 0)
        {
            BeginClose(ConnectionEnd.ClosedByPeer, null);
        }
    }

    private void OnTimer()
    {
        if (Session.IsPeerSilent())
        {
            BeginClose(ConnectionEnd.PeerSilent, null);
        }
        else
        {
            Session.SendPing();
        }
    }

    private void OnSendFailed(Exception exception) => BeginClose(ConnectionEnd.ConnectionBroken, null);

    private void BeginClose(ConnectionEnd reason, YamuxGoAwayCode? goAway)
    {
        if (Interlocked.CompareExchange(ref _end, (int)reason, (int)ConnectionEnd.None) != (int)ConnectionEnd.None)
        {
            return;
        }

        LogEnded(_context.Logger, RemotePeer, RemoteAddress, reason, Fault);
        _timer?.Dispose();
        if (goAway is { } code)
        {
            Session.QueueGoAway(code);
        }

        Session.End();
        _context.Owner.ConnectionEnded(this);
        _ = FinishAsync(goAway is not null);
    }

    /// <summary>
    /// Lets the GoAway leave before the socket goes: closing a socket with unread input resets the connection,
    /// and a reset makes the peer's system throw away what it has not delivered yet.
    /// </summary>
    private async Task FinishAsync(bool linger)
    {
        if (linger)
        {
            using var limit = new CancellationTokenSource(LingerTime, _context.Time);
            try
            {
                Session.RequestPump(inline: true);
                await Session.WhenSenderIdleAsync().WaitAsync(limit.Token).ConfigureAwait(false);
                _link.FinishSending();
                await _receiveEnded.Task.WaitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The peer does not take our last frames, or does not close: it had its time.
            }
        }

        Session.CloseOutput();
        _link.Close();
        await _receiveEnded.Task.ConfigureAwait(false);
        _upgraded.Receive.Dispose();
        await Session.WhenSenderIdleAsync().ConfigureAwait(false);
        _upgraded.Send.Dispose();
        _closed.TrySetResult();
    }
}
