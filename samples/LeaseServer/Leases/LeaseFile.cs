using System.Text.Json;
using SubnetVpn;

namespace LeaseServer.Leases;

/// <summary>Keeps leases in one JSON file, which is replaced as a whole: a crash leaves the old one or the new one.</summary>
internal sealed class LeaseFile(string path)
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Reads it; no file is no leases.</summary>
    /// <exception cref="LeaseServerException">It cannot be read, or is no file of leases.</exception>
    public IReadOnlyList<Lease> Read()
    {
        if (!File.Exists(path))
            return [];
        try
        {
            using var stream = File.OpenRead(path);
            List<Lease> leases = [.. (JsonSerializer.Deserialize<StoredLease[]>(stream, s_json) ?? []).Select(static lease => lease.ToLease())];
            return leases.DistinctBy(static lease => (lease.Network, lease.Address)).Count() == leases.Count
                ? leases
                : throw new FormatException("An address stands there twice.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            throw new LeaseServerException($"{path} cannot be read: {exception.Message} Mend it, or move it away to begin without leases.", exception);
        }
    }

    /// <summary>Writes all of them. When it returns they are on the disk.</summary>
    public void Write(IEnumerable<Lease> leases)
    {
        var temporary = path + ".new";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, leases.Select(StoredLease.From), s_json);
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }

    private sealed record StoredLease(string? Network, string? Address, string? Peer, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
    {
        public static StoredLease From(Lease lease) => new(lease.Network, lease.Address.ToString(), lease.Peer.ToString(), lease.IssuedAt, lease.ExpiresAt);

        public Lease ToLease() => new(Network ?? throw new FormatException("A lease has no network."), VirtualIp.Parse(Address ?? string.Empty), PeerId.Parse(Peer ?? string.Empty), IssuedAt, ExpiresAt);
    }
}
