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
    private readonly HashSet<VirtualIp> _avoided;
    private int _number;
    private int _taken;

    private AddressChoice(NetworkSettings settings, PeerId self, IReadOnlyCollection<VirtualIp> lost) =>
        (_settings, _self, _avoided, Settings) = (settings, self, [.. lost], settings);

    /// <summary>The network with concrete addresses.</summary>
    public NetworkSettings Settings { get; private set; }

    /// <summary>Begins with the first choice.</summary>
    /// <param name="settings">The network, with or without automatic addresses.</param>
    /// <param name="self">This node.</param>
    /// <param name="lost">Automatic addresses that it does not take.</param>
    /// <returns>Null when nothing is left.</returns>
    public static AddressChoice? TryBegin(NetworkSettings settings, PeerId self, IReadOnlyCollection<VirtualIp> lost)
    {
        var choice = new AddressChoice(settings, self, lost);
        return choice.TryNext() ? choice : null;
    }

    /// <summary>Somebody holds that one: the next.</summary>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Discovery"/>: too many were tried.</exception>
    public void Next(AddressTakenException taken)
    {
        _avoided.Add(taken.Address);
        if (++_taken >= MaxTries || !TryNext())
            throw new VpnException(
                VpnErrorReason.Discovery,
                $"network {_settings.Name} cannot start: no free address was found in {string.Join(" and ", _settings.AutomaticSubnets.Where(static subnet => subnet.IsIPv4))}; "
                + $"others hold the {_avoided.Count} that were tried, the last, {taken.Address}, {taken.Rival.Peer} as {taken.Rival.Source} says. "
                + "Give the network a larger subnet, or this node a virtual_ip of its own.",
                taken);
    }

    private bool TryNext()
    {
        for (; _number < MaxNumber; _number++)
        {
            Settings = _settings.WithAutomaticAddresses(_self, _number);
            if (!Settings.Addresses.Any(own => Settings.IsAutomatic(own.Address) && _avoided.Contains(own.Address)))
                return true;
        }
        return false;
    }
}
