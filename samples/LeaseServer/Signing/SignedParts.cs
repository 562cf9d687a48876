using Microsoft.AspNetCore.Http;

namespace LeaseServer.Signing;

/// <summary>The headers of a signed request, as they came; empty where one is missing.</summary>
internal readonly record struct SignedParts(string Peer, string Time, string Nonce, string Signature)
{
    public const string NonceHeader = "Lease-Nonce";

    public static SignedParts Of(IHeaderDictionary headers) =>
        new(headers["Lease-Peer"].ToString(), headers["Lease-Time"].ToString(), headers[NonceHeader].ToString(), headers["Lease-Signature"].ToString());
}
