using System.Globalization;
using System.Text;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>The configuration is wrong. The message lists every mistake: where it stands, its path, the value, the rule.</summary>
public sealed class ConfigurationException : VpnException
{
    private readonly ConfigurationOrigins _origins;

    internal ConfigurationException(IReadOnlyList<ConfigurationMistake> mistakes, ConfigurationOrigins origins)
        : base(VpnErrorReason.Configuration, Describe(mistakes, origins)) => (Mistakes, _origins) = (mistakes, origins);

    /// <summary>All mistakes.</summary>
    public IReadOnlyList<ConfigurationMistake> Mistakes { get; }

    /// <summary>Where a mistake stands, such as <c>/etc/subnetvpn/node.yaml:12</c> or <c>SUBNETVPN__VPN__MTU</c>; null when it is not known.</summary>
    /// <param name="mistake">One of <see cref="Mistakes"/>.</param>
    public string? FindOrigin(ConfigurationMistake mistake)
    {
        ArgumentNullException.ThrowIfNull(mistake);
        return mistake.Path.Length == 0 ? null : _origins.Find(mistake.Path);
    }

    private static string Describe(IReadOnlyList<ConfigurationMistake> mistakes, ConfigurationOrigins origins)
    {
        if (mistakes.Count == 1)
            return DescribeOne(mistakes[0], origins);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"the configuration has {mistakes.Count} mistakes:");
        // In the order of the file; what has no line there, such as wrong syntax, comes first.
        foreach (var mistake in mistakes.OrderBy(mistake => origins.FindLine(mistake.Path) ?? 0))
            text.Append("\n  ").Append(DescribeOne(mistake, origins));
        return text.ToString();
    }

    // Mistakes in the text of the file have no path; their message begins with the place.
    private static string DescribeOne(ConfigurationMistake mistake, ConfigurationOrigins origins)
    {
        if (mistake.Path.Length == 0)
            return mistake.Message;
        var origin = origins.Find(mistake.Path);
        return origin is null ? mistake.ToString() : $"{origin}: {mistake}";
    }
}
