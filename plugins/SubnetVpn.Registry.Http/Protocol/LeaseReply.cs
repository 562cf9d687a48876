using System.Net;
using System.Text.Json;

namespace SubnetVpn.Registry.Http.Protocol;

/// <summary>Reads what a reply says. Pure; a reply may say anything.</summary>
internal static class LeaseReply
{
    private const int MaxDetailLength = 400;

    // Longer than any lease: what is more is a mistake of the server's.
    private static readonly TimeSpan s_longestLease = TimeSpan.FromDays(3650);

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Reads a reply to a question about an address.</summary>
    public static LeaseAnswer Read(HttpStatusCode status, ReadOnlySpan<byte> body, string network, VirtualIp address)
    {
        if (status is HttpStatusCode.OK or HttpStatusCode.Created)
            return ReadLease(TryRead<LeaseBody>(body), network, address);
        if (status == HttpStatusCode.NoContent)
            return LeaseAnswer.None(LeaseOutcome.Free, "It was released.");
        var problem = TryRead<ProblemBody>(body);
        return (status, problem?.Type) switch
        {
            // Any web server says 404: only a lease server knows that nobody holds an address.
            (HttpStatusCode.NotFound, ProblemBody.NotLeased) => LeaseAnswer.None(LeaseOutcome.Free, Sentence(status, problem)),
            (HttpStatusCode.Conflict, ProblemBody.HeldByAnother) => ReadLease(problem!.Lease, network, address),
            (HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity, not null) => LeaseAnswer.None(LeaseOutcome.Refused, Sentence(status, problem)),
            _ => LeaseAnswer.None(LeaseOutcome.Rejected, Sentence(status, problem)),
        };
    }

    private static LeaseAnswer ReadLease(LeaseBody? lease, string network, VirtualIp address)
    {
        if (lease is null || !VirtualIp.TryParse(lease.Address, out var told) || !PeerId.TryParse(lease.Peer, out var peer))
            return LeaseAnswer.None(LeaseOutcome.Malformed, "The reply is no lease: something else than a lease server answers there.");
        if (told != address || lease.Network != network)
            return LeaseAnswer.None(LeaseOutcome.Malformed, $"The reply is of another address than {address} in '{network}'.");
        return lease.ExpiresIn > 0 && lease.ExpiresIn < s_longestLease.TotalSeconds
            ? LeaseAnswer.Held(peer, TimeSpan.FromSeconds(lease.ExpiresIn))
            : LeaseAnswer.None(LeaseOutcome.Malformed, $"The reply gives the lease of {address} no time.");
    }

    // It is shown to the operator and written to logs.
    private static string Sentence(HttpStatusCode status, ProblemBody? problem)
    {
        if (string.IsNullOrWhiteSpace(problem?.Detail))
            return $"The server answered {(int)status} and does not say why; is the url that of a lease server?";
        var text = problem.Detail.Length > MaxDetailLength ? problem.Detail[..MaxDetailLength] : problem.Detail;
        return string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c));
    }

    private static T? TryRead<T>(ReadOnlySpan<byte> body) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, s_json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
