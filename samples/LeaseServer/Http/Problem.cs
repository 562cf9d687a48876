using LeaseServer.Leases;
using Microsoft.AspNetCore.Http;

namespace LeaseServer.Http;

/// <summary>Why something is not done (RFC 9457): the kind, for programs; and a sentence that says how to mend it, for people.</summary>
internal sealed record Problem(int Status, string Kind, string Title, string Detail)
{
    /// <summary>The lease that stands in the way.</summary>
    public Lease? Lease { get; private init; }

    /// <summary>The server's clock, when the client's is wrong.</summary>
    public DateTimeOffset? ServerTime { get; private init; }

    /// <summary>Seconds after which it may work.</summary>
    public int? RetryAfter { get; private init; }

    public static Problem NotSigned(string detail) => new(StatusCodes.Status401Unauthorized, "not-signed", "The request is not signed", detail);

    public static Problem BadSignature(string detail) => new(StatusCodes.Status401Unauthorized, "bad-signature", "The signature is wrong", detail);

    public static Problem ClockSkew(DateTimeOffset now, string detail) =>
        new(StatusCodes.Status401Unauthorized, "clock-skew", "The clocks differ", detail) { ServerTime = now };

    public static Problem Replayed() =>
        new(StatusCodes.Status401Unauthorized, "replayed", "The request was sent before", "Sign each request anew, with another nonce.");

    public static Problem TooManyRequests(string detail) =>
        new(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many requests", detail) { RetryAfter = 5 };

    public static Problem Busy() =>
        new(StatusCodes.Status503ServiceUnavailable, "busy", "The server is busy", "Too many peers send signed requests. Try again in some minutes.") { RetryAfter = 60 };

    public static Problem BadRequest(string detail) => new(StatusCodes.Status400BadRequest, "bad-request", "The request makes no sense", detail);

    public static Problem TooLarge(int limit) => new(StatusCodes.Status413PayloadTooLarge, "too-large", "The body is too large", $"A body has {limit} bytes at most.");

    public static Problem NoSuchPath() => new(StatusCodes.Status404NotFound, "no-such-path", "There is nothing here", "Leases are under /v1/networks/NETWORK/leases.");

    public static Problem UnknownNetwork(string name) =>
        new(StatusCodes.Status404NotFound, "unknown-network", "Unknown network", $"This server has no network '{name}': give its name in the node's options, or add it to Leases:Networks.");

    public static Problem NotStored() =>
        new(StatusCodes.Status500InternalServerError, "not-stored", "The lease could not be stored", "The server's disk or its rights to Leases:File are at fault; its log says more.");

    /// <summary>What a verdict that is no success is.</summary>
    public static Problem Of(LeaseResult result, string address, LeaseNetwork network) => result.Verdict switch
    {
        LeaseVerdict.NotLeased => new Problem(StatusCodes.Status404NotFound, "not-leased", "Nobody holds it", $"Nobody holds {address} in '{network.Name}'."),
        LeaseVerdict.HeldByAnother => new Problem(
            StatusCodes.Status409Conflict, "held-by-another", "Another peer holds it",
            $"{result.Lease!.Peer} holds {address} until {result.Lease.ExpiresAt:u}. Take another address, or have it released.")
        {
            Lease = result.Lease,
        },
        LeaseVerdict.NotAllowed => new Problem(
            StatusCodes.Status403Forbidden, "not-allowed", "This peer may not lease", $"Add the peer id to Leases:Networks:{network.Name}:Allow on the server."),
        LeaseVerdict.TooMany => new Problem(
            StatusCodes.Status403Forbidden, "too-many-leases", "The peer holds enough addresses",
            $"The peer holds {result.Lease!.Address} until {result.Lease.ExpiresAt:u}. Release that first, or raise LeasesPerPeer on the server.")
        {
            Lease = result.Lease,
        },
        LeaseVerdict.OutsideSubnet => new Problem(
            StatusCodes.Status422UnprocessableEntity, "outside-subnet", "The network has no such subnet", $"The subnets of '{network.Name}' are {string.Join(", ", network.Subnets)}."),
        LeaseVerdict.Reserved => new Problem(StatusCodes.Status422UnprocessableEntity, "reserved", "The address is reserved", $"Nobody may lease {address}. Take another address."),
        LeaseVerdict.SubnetFull => new Problem(StatusCodes.Status409Conflict, "subnet-full", "Every address is taken", "Wait until a lease ends, or give the network a larger subnet on the server."),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result.Verdict, "It is a success."),
    };
}
