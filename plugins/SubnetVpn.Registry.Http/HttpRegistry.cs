using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery;
using SubnetVpn.Registry.Http.Diagnostics;
using SubnetVpn.Registry.Http.Leases;
using SubnetVpn.Registry.Http.Protocol;

namespace SubnetVpn.Registry.Http;

/// <summary>Says who may hold which address by asking a lease server, and leases our own addresses there.</summary>
/// <remarks>
/// One question per address is on its way at a time; whoever asks meanwhile gets its answer. What the server said is used for a short
/// while; while it does not answer, nothing older is: the host knows what it let through.
/// </remarks>
internal sealed class HttpRegistry : IAddressRegistry, IAsyncDisposable
{
    // More than the host asks at a time; a bound, not a measure.
    private const int MaxQuestions = 256;

    private static readonly TimeSpan s_longestNegative = TimeSpan.FromSeconds(5);

    // After this the server that did not answer is asked again; until then each question need not wait for it.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _cache;
    private readonly RegistryMetrics _metrics;
    private readonly LeaseClient _client;
    private readonly Dictionary<VirtualIp, OwnLease> _own;
    private readonly AnswerCache _answers;
    private readonly Dictionary<VirtualIp, Task<PeerLookup>> _questions = [];
    private readonly CancellationTokenSource _stopping = new();
    private (long Since, string Reason)? _silence;
    private bool _isDisposed;

    /// <param name="options">The section of the plugin.</param>
    /// <param name="network">The network.</param>
    /// <param name="identity">Signs requests.</param>
    /// <param name="signatures">Verifies replies.</param>
    /// <param name="subnets">The addresses that must not be the server's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For leases of our own.</param>
    /// <param name="meters">Makes the meter.</param>
    /// <exception cref="VpnException">The server is inside a virtual subnet.</exception>
    public HttpRegistry(
        HttpRegistryOptions options, NetworkContext network, INodeIdentity identity, IEd25519 signatures, IVirtualSubnets subnets, TimeProvider time, ILogger<HttpRegistry> logger, IMeterFactory meters)
        : this(options, network, identity, signatures, subnets, time, logger, meters, null)
    {
    }

    internal HttpRegistry(
        HttpRegistryOptions options, NetworkContext network, INodeIdentity identity, IEd25519 signatures, IVirtualSubnets subnets, TimeProvider time, ILogger<HttpRegistry> logger, IMeterFactory meters,
        HttpMessageHandler? handler)
    {
        CheckUrl(options.Url!, subnets);
        (_time, _cache, _answers) = (time, options.Cache, new AnswerCache(time));
        _metrics = new RegistryMetrics(meters, network.Name, CountLeases);
        _client = new LeaseClient(
            options, options.Network ?? network.Name, identity, signatures, time, handler ?? ServerConnections.Create(subnets), _metrics.Count);
        _own = network.VirtualIps.ToDictionary(
            static address => address,
            address => new OwnLease(address, network.LocalPeer, _client, options.RenewAt, time, logger, answer => Remember(address, answer)));
    }

    public async ValueTask<PeerLookup> FindHolderAsync(VirtualIp address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task<PeerLookup>? question;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_answers.TryGet(address, out var known))
                return known;
            if (!_questions.TryGetValue(address, out question))
            {
                if (_silence is { } silence && _time.GetElapsedTime(silence.Since) < s_pause)
                    return PeerLookup.Failed(silence.Reason);
                if (_questions.Count >= MaxQuestions)
                    return PeerLookup.Failed(string.Create(CultureInfo.InvariantCulture, $"{MaxQuestions} other questions wait for the lease server."));
                // Its life does not hang on who asked first.
                question = Task.Run(() => AskAsync(address), CancellationToken.None);
                _questions.Add(address, question);
            }
        }
        return await question.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Task[] questions;
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            questions = [.. _questions.Values];
        }
        await _stopping.CancelAsync();
        await Task.WhenAll(questions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_own.Values.Select(static lease => lease.DisposeAsync().AsTask()));
        _client.Dispose();
        _metrics.Dispose();
        _stopping.Dispose();
    }

    private static void CheckUrl(Uri url, IVirtualSubnets subnets)
    {
        // A name may lead there as well: that is seen when it is dialled.
        if (VirtualIp.TryParse(url.Host.Trim('[', ']'), out var server) && subnets.Contains(server))
            throw new VpnException(
                VpnErrorReason.Configuration,
                $"plugins:registry.http:url: {server} is inside a virtual subnet of this node, which is up only once the server has answered. Give an address of the server outside the VPN.");
    }

    private int CountLeases() => _own.Values.Count(static lease => lease.IsHeld);

    private async Task<PeerLookup> AskAsync(VirtualIp address)
    {
        try
        {
            var answer = _own.TryGetValue(address, out var own)
                ? await own.ConfirmAsync(_stopping.Token)
                : await _client.FindAsync(address, _stopping.Token);
            return Remember(address, answer);
        }
        catch (OperationCanceledException)
        {
            return PeerLookup.Failed("The network stops.");
        }
        finally
        {
            lock (_gate)
                _questions.Remove(address);
        }
    }

    private PeerLookup Remember(VirtualIp address, LeaseAnswer answer)
    {
        var lookup = answer.Outcome switch
        {
            LeaseOutcome.Held => PeerLookup.Found(MappingOf(address, answer)),
            LeaseOutcome.Free or LeaseOutcome.Refused => PeerLookup.NotFound(answer.Detail),
            _ => PeerLookup.Failed(answer.Detail!),
        };
        lock (_gate)
        {
            if (lookup.Outcome == PeerLookupOutcome.Failed)
                _answers.Remove(address);
            else
                _answers.Put(address, lookup, lookup.Mapping?.TimeToLive ?? Shorter(_cache, s_longestNegative));
            _silence = answer.Outcome == LeaseOutcome.Unreachable ? (_time.GetTimestamp(), answer.Detail!) : null;
        }
        return lookup;
    }

    private PeerMapping MappingOf(VirtualIp address, LeaseAnswer answer) => new()
    {
        Peer = answer.Holder,
        Prefixes = [new IpPrefix(address, address.BitLength)],
        Source = "registry",
        TimeToLive = Shorter(_cache, answer.ExpiresIn),
        Trust = MappingTrust.Authoritative,
    };

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
