namespace SubnetVpn.Core.Plugins.Options;

/// <summary>Finds what somebody meant who wrote something else.</summary>
public static class NearestName
{
    /// <summary>The known name nearest to what was written; null when none is near enough to be a likely slip.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="known">The names that would have been right.</param>
    public static string? Find(string written, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(written);
        ArgumentNullException.ThrowIfNull(known);
        var simple = Simplify(written);
        // One slip in three letters, at least two: "rout" is "routes", "mtu" is not "enable".
        var limit = Math.Max(2, simple.Length / 3);
        string? nearest = null;
        foreach (var name in known.Order(StringComparer.Ordinal))
        {
            var distance = Distance(simple, Simplify(name));
            if (distance > limit || distance >= simple.Length)
                continue;
            nearest = name;
            limit = distance - 1;
        }
        return nearest;
    }

    /// <summary><c>Did you mean 'x'? </c> or nothing, then the known names.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="known">The names that would have been right.</param>
    public static string Advice(string written, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        if (known.Count == 0)
            return "None is known here.";
        var names = known.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
        var nearest = Find(written, names);
        // A long list hides the suggestion; without one it is all there is to go by.
        if (nearest is not null && names.Count > 12)
            return $"Did you mean '{nearest}'?";
        var list = $"Known: {string.Join(", ", names)}.";
        return nearest is not null ? $"Did you mean '{nearest}'? {list}" : list;
    }

    private static string Simplify(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    // Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment), on three rows.
    private static int Distance(string left, string right)
    {
        var before = new int[right.Length + 1];
        var previous = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++)
            previous[column] = column;
        for (var row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var cost = left[row - 1] == right[column - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(current[column - 1], previous[column]) + 1, previous[column - 1] + cost);
                if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
                    best = Math.Min(best, before[column - 2] + 1);
                current[column] = best;
            }
            (before, previous, current) = (previous, current, before);
        }
        return previous[right.Length];
    }
}
