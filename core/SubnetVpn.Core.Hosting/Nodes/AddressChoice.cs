using SubnetVpn.Core.Addresses;
using SubnetVpn.Core.Configuration;

namespace SubnetVpn.Core.Hosting.Nodes;

/// <summary>The addresses that a network is started with: where they are automatic, one after the other until one is free.</summary>
internal sealed class AddressChoice
{
    // Of a subnet that is full, or in which somebody claims everything, one must not try all.
    private const int MaxTries = 64;

    // Two numbers may give the same address. Enough to come to each of the addresses of a small subnet.
    private const int MaxNumber = 4096;

    private readonly NetworkSettings _settings;
    private readonly PeerId _self;
    private readonly HashSet<VirtualIp> _taken;
    private readonly int _remembered;
    private int _number;

    /// <param name="settings">The network, with or without automatic addresses.</param>
    /// <param name="self">This node.</param>
    /// <param name="lost">What it does not take: addresses that others proved to hold.</param>
    public AddressChoice(NetworkSettings settings, PeerId self, IReadOnlyCollection<VirtualIp>? lost = null)
    {
        (_settings, _self, _taken) = (settings, self, [.. lost ?? []]);
        _remembered = _taken.Count;
        Settings = Find() ?? throw Exhausted(null);
    }

    /// <summary>The network with concrete addresses.</summary>
    public NetworkSettings Settings { get; private set; }

    /// <summary>Somebody holds that one: the next.</summary>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Discovery"/>: too many were tried.</exception>
    public void Next(AddressTakenException taken)
    {
        _taken.Add(taken.Address);
        Settings = (_taken.Count - _remembered < MaxTries ? Find() : null) ?? throw Exhausted(taken);
    }

    private NetworkSettings? Find()
    {
        for (; _number < MaxNumber; _number++)
        {
            var settings = _settings.WithAutomaticAddresses(_self, _number);
            if (!settings.Addresses.Any(own => _taken.Contains(own.Address)))
                return settings;
        }
        return null;
    }

    private VpnException Exhausted(AddressTakenException? last) => new(
        VpnErrorReason.Discovery,
        $"network {_settings.Name} cannot start: no free address was found in {string.Join(" and ", _settings.AutomaticSubnets.Where(static subnet => subnet.IsIPv4))}; "
        + $"others hold the {_taken.Count} that were tried{(last is null ? string.Empty : $", the last, {last.Address}, {last.Rival.Peer} as {last.Rival.Source} says")}. "
        + "Give the network a larger subnet, or this node a virtual_ip of its own.",
        last);
}
