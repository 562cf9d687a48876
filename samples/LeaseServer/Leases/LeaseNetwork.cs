using SubnetVpn;

namespace LeaseServer.Leases;

/// <summary>The rules of a network. Immutable.</summary>
internal sealed class LeaseNetwork
{
    private const string AllowAny = "any";

    private readonly HashSet<VirtualIp> _reserved;
    private readonly HashSet<PeerId>? _allowed;

    /// <exception cref="LeaseServerException">The options are wrong.</exception>
    public LeaseNetwork(string name, NetworkOptions options)
    {
        (Name, LeasesPerPeer) = (name, options.LeasesPerPeer);
        Require(name.Length is > 0 and <= 64 && name is not ("." or "..") && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'), "'s name must be letters, digits, '-', '_' or '.'.");
        Subnets = [.. options.Subnets.Select(text => IpPrefix.TryParse(text, out var prefix) ? prefix : throw Wrong($":Subnets: '{text}' is no subnet such as 10.0.0.0/24."))];
        _reserved = [.. options.Reserved.Select(text => VirtualIp.TryParse(text, out var address) ? address : throw Wrong($":Reserved: '{text}' is no address."))];
        Require(Subnets.Count > 0, ":Subnets must name one at least, such as 10.0.0.0/24.");
        Require(options.Allow.Count > 0, $":Allow must say who may lease: peer ids, or \"{AllowAny}\".");
        Require(options.LeasesPerPeer > 0, ":LeasesPerPeer must be 1 or more.");
        if (!options.Allow.Contains(AllowAny))
            _allowed = [.. options.Allow.Select(text => PeerId.TryParse(text, out var peer) ? peer : throw Wrong($":Allow: '{text}' is neither a peer id nor \"{AllowAny}\"."))];
    }

    public string Name { get; }

    public IReadOnlyList<IpPrefix> Subnets { get; }

    public int LeasesPerPeer { get; }

    public bool Allows(PeerId peer) => _allowed is null || _allowed.Contains(peer);

    public IpPrefix? SubnetOf(VirtualIp address)
    {
        foreach (var subnet in Subnets)
            if (subnet.Contains(address))
                return subnet;
        return null;
    }

    /// <summary>Whether nobody may have an address: listed, or the first of its subnet, or the last of an IPv4 one.</summary>
    public bool IsReserved(VirtualIp address, IpPrefix subnet) =>
        _reserved.Contains(address) || (address.BitLength - subnet.Length > 1 && (address == subnet.Address || (address.IsIPv4 && !subnet.Contains(Next(address)))));

    /// <summary>The addresses of a subnet that may be leased, in order. There may be very many.</summary>
    public IEnumerable<VirtualIp> AddressesOf(IpPrefix subnet)
    {
        for (var address = subnet.Address; subnet.Contains(address);)
        {
            if (!IsReserved(address, subnet))
                yield return address;
            var next = Next(address);
            if (next <= address)
                yield break;
            address = next;
        }
    }

    // The one after the last is the first.
    private static VirtualIp Next(VirtualIp address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes = bytes[..address.WriteBytes(bytes)];
        for (var i = bytes.Length - 1; i >= 0 && ++bytes[i] == 0; i--)
        {
        }
        return VirtualIp.FromBytes(bytes);
    }

    private void Require(bool isWell, string rule)
    {
        if (!isWell)
            throw Wrong(rule);
    }

    private LeaseServerException Wrong(string rule) => new($"Leases:Networks:{Name}{rule}");
}
