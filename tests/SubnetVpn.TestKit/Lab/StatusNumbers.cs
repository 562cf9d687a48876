using System.Text.Json;

namespace SubnetVpn.TestKit.Lab;

/// <summary>Every number of a status document by its path, so that a test can look for a counter by its reason.</summary>
public sealed class StatusNumbers
{
    private readonly Dictionary<string, long> _values = [];

    public IReadOnlyDictionary<string, long> Values => _values;

    /// <summary>The sum of the numbers whose path has this name in it, however it is cased: <c>spoofed_source</c>, <c>spoofedSource</c>.</summary>
    public long Sum(string name) =>
        _values.Where(value => Plain(value.Key).Contains(Plain(name), StringComparison.OrdinalIgnoreCase)).Sum(value => value.Value);

    public static StatusNumbers Read(JsonElement status)
    {
        var numbers = new StatusNumbers();
        numbers.Add("", status);
        return numbers;
    }

    public override string ToString() => string.Join('\n', _values.Where(value => value.Value != 0).Select(value => $"{value.Key} = {value.Value}"));

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal);

    private void Add(string path, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    Add(path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var (index, item) in element.EnumerateArray().Index())
                {
                    Add($"{path}[{index}]", item);
                }

                break;
            case JsonValueKind.Number when element.TryGetInt64(out var number):
                _values[path] = number;
                break;
        }
    }
}
