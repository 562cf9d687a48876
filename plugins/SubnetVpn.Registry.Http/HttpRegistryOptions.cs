using System.ComponentModel.DataAnnotations;
using SubnetVpn.Registry.Http.Protocol;

namespace SubnetVpn.Registry.Http;

/// <summary>The section <c>plugins: registry.http:</c>.</summary>
internal sealed class HttpRegistryOptions : IValidatableObject
{
    /// <summary><c>url</c>: where the lease server is, such as <c>https://leases.example.org</c>. Required.</summary>
    public Uri? Url { get; init; }

    /// <summary><c>server_key</c>: the public key of the server, 32 bytes in base64: replies that it did not sign are refused. Default: none.</summary>
    public string? ServerKey { get; init; }

    /// <summary><c>network</c>: the network's name on the server. Default: its name here.</summary>
    public string? Network { get; init; }

    /// <summary><c>timeout</c>: how long to wait for a reply. Default: 5 s; the host gives up after 10.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>cache</c>: how long to go by a reply that names a holder; one that names none, 5 s at most. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Cache { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>renew_at</c>: after which part of its time a lease is renewed. Default: 0.8.</summary>
    [Range(0.1, 0.95)]
    public double RenewAt { get; init; } = 0.8;

    /// <summary>The rules of the texts.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url is not { IsAbsoluteUri: true } url || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.Host.Length == 0)
            yield return new ValidationResult("must be where the lease server is, such as https://leases.example.org.", [nameof(Url)]);
        else if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            yield return new ValidationResult("must have no user, no '?' and no '#': the node's own key says who asks.", [nameof(Url)]);
        if (ServerKey is not null && ServerSignature.ReadKey(ServerKey) is null)
            yield return new ValidationResult("must be 32 bytes in base64, as the lease server prints them when it starts.", [nameof(ServerKey)]);
        if (Network is not null && !LeasePaths.IsNetworkName(Network))
            yield return new ValidationResult("must be letters, digits, '-', '_' or '.', at most 64 of them.", [nameof(Network)]);
    }
}
