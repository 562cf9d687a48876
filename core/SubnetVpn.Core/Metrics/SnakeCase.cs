using System.Text;

namespace SubnetVpn.Core.Metrics;

/// <summary>Names of enum values as metrics write them: <c>PortNotAllowed</c> is <c>port_not_allowed</c>.</summary>
internal static class SnakeCase
{
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var text = new StringBuilder();
        foreach (var character in value.ToString())
        {
            if (char.IsUpper(character) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(character));
        }
        return text.ToString();
    }
}
