using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeaseServer.Leases;
using Microsoft.AspNetCore.Http;

namespace LeaseServer.Http;

/// <summary>An answer, as bytes: they are signed before they are sent.</summary>
internal sealed record Reply(int Status, string? ContentType, byte[] Body)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // It is never part of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The header <c>Retry-After</c>.</summary>
    public string? RetryAfter { get; private init; }

    public static Reply Empty { get; } = new(StatusCodes.Status204NoContent, null, []);

    public static Reply Of(Lease lease, DateTimeOffset now, bool isNew = false) =>
        new(isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, "application/json", Write(LeaseJson.From(lease, now)));

    public static Reply Of(IEnumerable<Lease> leases, DateTimeOffset now) =>
        new(StatusCodes.Status200OK, "application/json", Write(new { Leases = leases.Select(lease => LeaseJson.From(lease, now)) }));

    public static Reply Of(Problem problem, DateTimeOffset now) => new(problem.Status, "application/problem+json", Write(new
    {
        Type = $"urn:subnetvpn:leases:{problem.Kind}",
        problem.Title,
        problem.Status,
        problem.Detail,
        Lease = problem.Lease is { } lease ? LeaseJson.From(lease, now) : null,
        problem.ServerTime,
    }))
    {
        RetryAfter = problem.RetryAfter?.ToString(CultureInfo.InvariantCulture),
    };

    private static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, s_json);

    private sealed record LeaseJson(string Network, string Address, string Peer, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, double ExpiresIn)
    {
        public static LeaseJson From(Lease lease, DateTimeOffset now) =>
            new(lease.Network, lease.Address.ToString(), lease.Peer.ToString(), lease.IssuedAt, lease.ExpiresAt, Math.Round((lease.ExpiresAt - now).TotalSeconds, 3));
    }
}
