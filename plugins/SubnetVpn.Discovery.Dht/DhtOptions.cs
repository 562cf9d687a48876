using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.Discovery.Dht;

/// <summary>The section <c>plugins: discovery.dht:</c>.</summary>
internal sealed class DhtOptions : IValidatableObject
{
    /// <summary><c>bootstrap</c>: peers to ask first, as multiaddresses that end in their peer id; one that is this node itself is skipped. Default: none beside those of the transport.</summary>
    public IReadOnlyList<string> Bootstrap { get; init; } = [];

    /// <summary><c>protocol</c>: which hash table, by its protocol id. Default: the one of the transport.</summary>
    [RegularExpression("[!-~]{1,128}", ErrorMessage = "must be a protocol id, such as /subnetvpn/kad/1.0.0 or /ipfs/kad/1.0.0")]
    public string? Protocol { get; init; }

    /// <summary><c>record_lifetime</c>: how long a record of ours holds; it is published again at a third of it. Default: 1 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan RecordLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary><c>answer_lifetime</c>: how long an answer is used before the table is asked again, if its record holds so long. Default: 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "01:00:00")]
    public TimeSpan AnswerLifetime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary><c>failure_lifetime</c>: how long it is remembered that nobody was found. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan FailureLifetime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>original_records</c>: whether, in an open network, nodes of the original network find our record, and we read theirs. Default: yes.</summary>
    public bool OriginalRecords { get; init; } = true;

    /// <summary><c>original_peers</c>: peer ids of nodes of the original network whose records are read, beside those of <c>bootstrap</c>. Default: none.</summary>
    [MaxLength(64, ErrorMessage = "must be at most 64 peers")]
    public IReadOnlyList<string> OriginalPeers { get; init; } = [];

    /// <summary>Rules beyond single values.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var address in Bootstrap)
            if (!BootstrapPeer.TryParse(address, out _))
                yield return new ValidationResult($"'{address}' does not say where a peer is and which one: it must look like /ip4/198.18.0.9/tcp/4001/p2p/12D3KooW…", [nameof(Bootstrap)]);
        foreach (var peer in OriginalPeers)
            if (!PeerId.TryParse(peer, out _))
                yield return new ValidationResult($"'{peer}' is no peer id: it must look like 12D3KooW…", [nameof(OriginalPeers)]);
    }
}
