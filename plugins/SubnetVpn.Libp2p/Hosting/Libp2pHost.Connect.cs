using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Hosting;

/// <summary>Connections that we begin.</summary>
public sealed partial class Libp2pHost
{
    /// <summary>
    /// The connection with a peer that streams of <paramref name="lane"/> use: an existing one, or a new one to one of the
    /// addresses. Different lanes get different connections as far as limits and addresses allow, else they share.
    /// Calls at the same time share a dial. Cancelling ends the wait, not the dial.
    /// </summary>
    public async Task<ConnectResult> ConnectAsync(PeerId peer, IReadOnlyList<Multiaddr> addresses, int lane, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        if (peer == PeerId)
        {
            return ConnectResult.Failed(DialFailure.Self, "the peer is this host itself");
        }

        Func<int, bool, Task<ConnectResult>>? dial = addresses.Count == 0
            ? null
            : (slot, isFirst) => DialAsync(peer, addresses, slot, isFirst);
        while (true)
        {
            if (_stoppingToken.IsCancellationRequested)
            {
                return ConnectResult.Failed(DialFailure.HostStopped, "the host is disposed");
            }

            Libp2pConnection? connection = _peers.Pick(peer, lane, dial, out Task<ConnectResult>? pending, out Libp2pConnection? fallback);
            if (connection is not null)
            {
                return ConnectResult.Of(connection);
            }

            if (pending is null)
            {
                return dial is null
                    ? ConnectResult.Failed(DialFailure.NoAddress, "there is no connection with the peer, and no address of it is known")
                    : ConnectResult.Failed(DialFailure.TooManyConnections, "the limit of connections is reached");
            }

            ConnectResult result;
            try
            {
                result = await pending.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return ConnectResult.Failed(DialFailure.Cancelled, "cancelled");
            }

            if (result.Connection is null)
            {
                return fallback is { IsClosing: false } ? ConnectResult.Of(fallback) : result;
            }
        }
    }

    private async Task<ConnectResult> DialAsync(PeerId peer, IReadOnlyList<Multiaddr> addresses, int lane, bool isFirst)
    {
        try
        {
            TimeSpan? limit = isFirst ? null : _options.Dial.AdditionalTimeout;
            DialOutcome outcome = await _dialer.DialAsync(peer, addresses, limit, _stoppingToken).ConfigureAwait(false);
            if (outcome.Link is null)
            {
                LogDialFailed(peer, outcome.Failure, outcome.Detail);
                return ConnectResult.Failed(outcome.Failure, outcome.Detail, outcome.RetryAt);
            }

            return Adopt(outcome.Link, lane) is { } connection
                ? ConnectResult.Of(connection)
                : ConnectResult.Failed(DialFailure.TooManyConnections, "the limit of connections was reached meanwhile");
        }
        finally
        {
            _peers.DialEnded(peer, lane);
        }
    }
}
