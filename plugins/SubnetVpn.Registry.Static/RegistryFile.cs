using System.Globalization;

namespace SubnetVpn.Registry.Static;

/// <summary>Reads the lines of a registry: <c>ADDRESS: PEER</c>, with <c>#</c> before comments. Pure.</summary>
internal static class RegistryFile
{
    // Told at once; who has more has another problem.
    private const int MaxMistakes = 20;

    /// <summary>Reads the text of a file.</summary>
    /// <param name="lines">Its lines.</param>
    /// <param name="mistakes">What is wrong, each with its line.</param>
    public static IReadOnlyList<RegistryEntry> Read(IEnumerable<string> lines, out IReadOnlyList<string> mistakes)
    {
        var entries = new List<RegistryEntry>();
        var found = new List<string>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var text = line.Split('#', 2)[0].Trim();
            if (text.Length == 0)
                continue;
            if (TryRead(text, number, out var entry, out var mistake))
                entries.Add(entry);
            else
                Add(found, number, mistake);
        }
        CheckRivals(entries, found);
        mistakes = found;
        return entries;
    }

    private static bool TryRead(string text, int number, out RegistryEntry entry, out string mistake)
    {
        entry = default;
        // The last colon: IPv6 addresses have colons, peer ids have none.
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || TryReadPrefix(text, out _))
        {
            mistake = $"'{text}' is not of the form ADDRESS: PEER, such as 10.0.0.2: 12D3KooW….";
            return false;
        }
        var (address, id) = (text[..colon].Trim(), text[(colon + 1)..].Trim());
        mistake = $"'{address}' is neither a virtual IP such as 10.0.0.2 nor a subnet such as 192.168.7.0/24.";
        if (!TryReadPrefix(address, out var prefix))
            return false;
        mistake = $"'{id}' is not a peer id such as 12D3KooW…, which 'subnetvpn keygen' prints.";
        if (!PeerId.TryParse(id, out var peer))
            return false;
        entry = new RegistryEntry(prefix, peer, number);
        return true;
    }

    private static bool TryReadPrefix(string text, out IpPrefix prefix)
    {
        if (!VirtualIp.TryParse(text, out var address))
            return IpPrefix.TryParse(text, out prefix);
        prefix = new IpPrefix(address, address.BitLength);
        return true;
    }

    // One holder for each address: neither twice the same, nor one inside a subnet of another.
    private static void CheckRivals(List<RegistryEntry> entries, List<string> mistakes)
    {
        var subnets = new List<RegistryEntry>();
        var holders = new Dictionary<IpPrefix, RegistryEntry>();
        foreach (var entry in entries.OrderBy(static entry => entry.Prefix.Length).ThenBy(static entry => entry.Line))
        {
            var text = entry.Prefix.IsSingleAddress ? entry.Prefix.Address.ToString() : entry.Prefix.ToString();
            if (!holders.TryAdd(entry.Prefix, entry))
                Add(mistakes, entry.Line, $"{text} stands in line {holders[entry.Prefix].Line} already.");
            else if (subnets.Find(subnet => subnet.Peer != entry.Peer && subnet.Prefix.Contains(entry.Prefix)) is { Line: > 0 } wider)
                Add(mistakes, entry.Line, $"{text} lies in {wider.Prefix} of line {wider.Line}, which another peer holds.");
            else if (!entry.Prefix.IsSingleAddress)
                subnets.Add(entry);
        }
    }

    private static void Add(List<string> mistakes, int line, string mistake)
    {
        if (mistakes.Count < MaxMistakes)
            mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"line {line}: {mistake}"));
    }
}
