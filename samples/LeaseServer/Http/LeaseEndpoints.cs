using System.Text.Json;
using LeaseServer.Leases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SubnetVpn;

namespace LeaseServer.Http;

/// <summary>The paths of the service.</summary>
internal sealed class LeaseEndpoints(LeaseExchange exchange, IReadOnlyDictionary<string, LeaseNetwork> networks, LeaseBook book, TimeProvider time)
{
    private const string Leases = "/v1/networks/{network}/leases";
    private const string OneLease = Leases + "/{address}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Leases, context => exchange.AnswerAsync(context, _ => WithNetwork(context, network => List(network, context.Request.Query["peer"]))));
        routes.MapGet(OneLease, context => exchange.AnswerAsync(context, _ => WithAddress(context, Find)));
        routes.MapPost(Leases, context => exchange.AnswerSignedAsync(context, (peer, body) => WithNetwork(context, network => RequestAny(network, peer, body))));
        routes.MapPut(OneLease, context => exchange.AnswerSignedAsync(context, (peer, _) => WithAddress(context, (network, address) => Tell(book.Request(network, address, peer), network, address.ToString()))));
        routes.MapDelete(OneLease, context => exchange.AnswerSignedAsync(context, (peer, _) => WithAddress(context, (network, address) => Tell(book.Release(network, address, peer), network, address.ToString()))));
        // The default pattern leaves out what looks like a file, as an address does.
        routes.MapFallback("{**path}", context => exchange.AnswerAsync(context, _ => Refuse(Problem.NoSuchPath())));
    }

    private Reply WithNetwork(HttpContext context, Func<LeaseNetwork, Reply> then)
    {
        var name = (string)context.GetRouteValue("network")!;
        return networks.TryGetValue(name, out var network) ? then(network) : Refuse(Problem.UnknownNetwork(name));
    }

    private Reply WithAddress(HttpContext context, Func<LeaseNetwork, VirtualIp, Reply> then) => WithNetwork(context, network =>
    {
        var text = (string)context.GetRouteValue("address")!;
        return VirtualIp.TryParse(text, out var address) ? then(network, address) : Refuse(Problem.BadRequest($"'{text}' is no IP address."));
    });

    private Reply Find(LeaseNetwork network, VirtualIp address) => book.Find(network, address) is { } lease
        ? Reply.Of(lease, time.GetUtcNow())
        : Tell(new LeaseResult(LeaseVerdict.NotLeased), network, address.ToString());

    private Reply List(LeaseNetwork network, string? text) => PeerId.TryParse(text, out var peer)
        ? Reply.Of(book.FindOf(network, peer), time.GetUtcNow())
        : Refuse(Problem.BadRequest("Say whose leases are asked for: ?peer=12D3KooW…"));

    private Reply RequestAny(LeaseNetwork network, PeerId peer, byte[] body)
    {
        if (!TryReadSubnet(body, network, out var subnet))
            return Refuse(Problem.BadRequest("The body must be empty, or JSON such as {\"subnet\": \"10.0.0.0/24\"}."));
        return Tell(book.RequestAny(network, subnet, peer), network, subnet.ToString());
    }

    private Reply Tell(LeaseResult result, LeaseNetwork network, string address) => result.Verdict switch
    {
        LeaseVerdict.Granted or LeaseVerdict.Renewed => Reply.Of(result.Lease!, time.GetUtcNow(), result.Verdict == LeaseVerdict.Granted),
        LeaseVerdict.Released => Reply.Empty,
        _ => Refuse(Problem.Of(result, address, network)),
    };

    private Reply Refuse(Problem problem) => Reply.Of(problem, time.GetUtcNow());

    private static bool TryReadSubnet(byte[] body, LeaseNetwork network, out IpPrefix subnet)
    {
        subnet = network.Subnets[0];
        if (body.Length == 0)
            return true;
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object &&
                (!json.RootElement.TryGetProperty("subnet", out var text) || (text.ValueKind == JsonValueKind.String && IpPrefix.TryParse(text.GetString(), out subnet)));
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
