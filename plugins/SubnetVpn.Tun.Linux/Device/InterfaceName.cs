using System.Text;

namespace SubnetVpn.Tun.Linux.Device;

/// <summary>What the kernel takes as the name of a network interface (<c>dev_valid_name</c> in <c>net/core/dev.c</c>).</summary>
internal static class InterfaceName
{
    /// <summary><c>IFNAMSIZ</c> without the terminating zero.</summary>
    public const int MaxBytes = 15;

    /// <summary>Lets the kernel fill in the number.</summary>
    public const string Template = "tun%d";

    /// <summary>Says what is wrong with a name; null when nothing is.</summary>
    public static string? FindFault(string name)
    {
        if (name.Length == 0)
            return "it is empty";
        if (Encoding.UTF8.GetByteCount(name) > MaxBytes)
            return $"it is longer than {MaxBytes} bytes";
        if (name is "." or "..")
            return "'.' and '..' are not allowed";
        foreach (var c in name)
            // '%' would ask the kernel to choose a number.
            if (c is '/' or ':' or '%' || char.IsWhiteSpace(c) || char.IsControl(c))
                return "'/', ':', '%', blanks and control characters are not allowed";
        return null;
    }
}
