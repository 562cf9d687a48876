using System.Globalization;
using System.Numerics;
using System.Reflection;

namespace SubnetVpn.Core.Plugins.Options;

/// <summary>Single values of the configuration: which types there are, and how they are read.</summary>
internal static class ScalarText
{
    private static readonly Dictionary<Type, Func<string, (object? Value, string? Rule)>> s_readers = new()
    {
        [typeof(string)] = static text => (text, null),
        [typeof(bool)] = static text => bool.TryParse(text, out var value) ? (value, null) : (null, "must be true or false."),
        [typeof(TimeSpan)] = static text => DurationText.TryParse(text, out var value) ? (value, null) : (null, DurationText.Rule),
        [typeof(Uri)] = static text => Uri.TryCreate(text, UriKind.Absolute, out var value) ? (value, null) : (null, "must be an absolute URI."),
        [typeof(byte)] = ReadInteger<byte>,
        [typeof(sbyte)] = ReadInteger<sbyte>,
        [typeof(short)] = ReadInteger<short>,
        [typeof(ushort)] = ReadInteger<ushort>,
        [typeof(int)] = ReadInteger<int>,
        [typeof(uint)] = ReadInteger<uint>,
        [typeof(long)] = ReadInteger<long>,
        [typeof(ulong)] = ReadInteger<ulong>,
        [typeof(float)] = ReadNumber<float>,
        [typeof(double)] = ReadNumber<double>,
        [typeof(decimal)] = ReadNumber<decimal>,
    };

    /// <summary>Whether values of a type are read from one text.</summary>
    /// <param name="type">The type; not a nullable value type.</param>
    public static bool IsScalar(Type type) => type.IsEnum || s_readers.ContainsKey(type) || FindParse(type) is not null;

    /// <summary>Reads a value.</summary>
    /// <param name="type">A type for which <see cref="IsScalar"/> is true.</param>
    /// <param name="text">The text, never null.</param>
    /// <returns>The value, or the rule that the text breaks.</returns>
    public static (object? Value, string? Rule) Read(Type type, string text)
    {
        if (s_readers.TryGetValue(type, out var reader))
            return reader(text);
        return type.IsEnum ? ReadEnum(type, text) : ReadByParse(type, text);
    }

    private static (object? Value, string? Rule) ReadInteger<T>(string text) where T : struct, IBinaryInteger<T>, IMinMaxValue<T> =>
        T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? (value, null)
            // The limits of a wide type are of interest only to who has reached them.
            : (null, int.CreateSaturating(T.MaxValue) <= ushort.MaxValue || BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
                ? string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {T.MinValue} to {T.MaxValue}.")
                : "must be a whole number.");

    private static (object? Value, string? Rule) ReadNumber<T>(string text) where T : struct, INumber<T> =>
        T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && T.IsFinite(value) ? (value, null) : (null, "must be a number.");

    private static (object? Value, string? Rule) ReadEnum(Type type, string text)
    {
        var names = Enum.GetNames(type);
        var name = Array.Find(names, candidate => string.Equals(KeyName.Of(candidate), text, StringComparison.OrdinalIgnoreCase));
        return name is null ? (null, $"is not known here. {NearestName.Advice(text, Array.ConvertAll(names, KeyName.Of))}") : (Enum.Parse(type, name), null);
    }

    // Value types such as PeerId or IPAddress tell by their own FormatException what they expect.
    private static (object? Value, string? Rule) ReadByParse(Type type, string text)
    {
        var parse = FindParse(type)!;
        try
        {
            return (parse.Invoke(null, parse.GetParameters().Length == 1 ? [text] : [text, CultureInfo.InvariantCulture]), null);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is FormatException or OverflowException or ArgumentException)
        {
            // Those that quote the text would repeat what the mistake shows anyway.
            var (message, quoted) = (exception.InnerException.Message, $"'{text}' ");
            return (null, message.StartsWith(quoted, StringComparison.Ordinal) ? message[quoted.Length..] : message);
        }
    }

    private static MethodInfo? FindParse(Type type)
    {
        const BindingFlags Flags = BindingFlags.Public | BindingFlags.Static;
        var parse = type.GetMethod("Parse", Flags, [typeof(string)]) ?? type.GetMethod("Parse", Flags, [typeof(string), typeof(IFormatProvider)]);
        return parse?.ReturnType == type ? parse : null;
    }
}
