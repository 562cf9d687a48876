using System.Diagnostics;
using System.Net.Sockets;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Dialling;

/// <summary>One address: connect, handshake, remember how it went.</summary>
internal sealed partial class Dialer
{
    private async Task<DialOutcome> AttemptAsync(PeerId peer, DialTarget target, TimeSpan? limit, CancellationToken cancellationToken)
    {
        using Activity? span = Tracing.StartDial(peer, target.Address);
        counters.Dialled();
        DialOutcome outcome = await ConnectAsync(peer, target, limit, cancellationToken).ConfigureAwait(false);
        if (outcome.Link is not null)
        {
            backoff.Succeeded(peer, target.Address);
        }
        else if (outcome.Failure != DialFailure.Cancelled)
        {
            counters.DialFailures.Increment(outcome.Failure);
            outcome = outcome with { Detail = $"{target.Address}: {outcome.Detail}" };
            backoff.Failed(peer, target.Address, outcome.Failure, outcome.Detail);
        }

        Tracing.Finish(span, peer, outcome.Failure, outcome.Detail);

        return outcome;
    }

    private async Task<DialOutcome> ConnectAsync(PeerId peer, DialTarget target, TimeSpan? limit, CancellationToken cancellationToken)
    {
        TimeSpan timeout = target.IsPrivate ? options.PrivateTimeout : options.Timeout;
        timeout = limit < timeout ? limit.Value : timeout;
        IByteLink? link = null;
        try
        {
            using var timer = new CancellationTokenSource(timeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
            try
            {
                link = await links.ConnectAsync(target.EndPoint, both.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return DialOutcome.Failed(DialFailure.TimedOut, $"no answer within {timeout.TotalSeconds:0.#} s");
            }

            UpgradeResult result = await upgrader.UpgradeOutboundAsync(link, peer, cancellationToken).ConfigureAwait(false);
            if (result.Link is not null)
            {
                counters.HandshakeSucceeded(inbound: false);
                link = null;
                return new DialOutcome(result.Link, DialFailure.None, string.Empty, null);
            }

            counters.OutboundHandshakeFailures.Increment(result.Failure);
            return DialOutcome.Failed(Classify(result.Failure), result.Detail);
        }
        catch (OperationCanceledException)
        {
            return DialOutcome.Failed(DialFailure.Cancelled, "cancelled");
        }
        catch (SocketException exception)
        {
            return DialOutcome.Failed(Classify(exception.SocketErrorCode), Describe(exception));
        }
        finally
        {
            link?.Close();
        }
    }

    private static DialFailure Classify(HandshakeFailure failure) => failure switch
    {
        HandshakeFailure.WrongPeer => DialFailure.WrongPeer,
        HandshakeFailure.Self => DialFailure.Self,
        HandshakeFailure.TimedOut => DialFailure.TimedOut,
        HandshakeFailure.Cancelled => DialFailure.Cancelled,
        _ => DialFailure.HandshakeFailed,
    };

    private static DialFailure Classify(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => DialFailure.Refused,
        SocketError.TimedOut => DialFailure.TimedOut,
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => DialFailure.NameNotResolved,
        _ => DialFailure.Unreachable,
    };

    private static string Describe(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.TimedOut => "no answer",
        SocketError.NetworkUnreachable => "network unreachable",
        SocketError.HostUnreachable => "no route to host",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the name cannot be resolved",
        _ => exception.Message,
    };
}
