using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace SubnetVpn.Core.Plugins.Options;

/// <summary>The key under which a property stands in the configuration.</summary>
public static class KeyName
{
    /// <summary>
    /// The property's name in snake case (<c>DialTimeout</c> is <c>dial_timeout</c>, <c>VirtualIp6</c> is <c>virtual_ip6</c>),
    /// or what its <see cref="ConfigurationKeyNameAttribute"/> says.
    /// </summary>
    /// <param name="property">The property of an options class.</param>
    public static string Of(MemberInfo property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? Of(property.Name);
    }

    /// <summary>A name in snake case.</summary>
    /// <param name="name">A name in Pascal case, of a property or of an enum's member.</param>
    public static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
