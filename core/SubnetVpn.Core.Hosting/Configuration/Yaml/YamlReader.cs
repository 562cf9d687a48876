using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SubnetVpn.Core.Hosting.Configuration.Yaml;

/// <summary>
/// Reads one YAML document to nodes. Syntax errors end it; duplicate keys and the like are collected, so that all of them
/// are told at once. Anchors, aliases and merge keys work; an alias to itself does not.
/// </summary>
internal sealed class YamlReader
{
    // A configuration is far from these; without them aliases of aliases can grow a short file without end.
    private const int MaxDepth = 32;
    private const int MaxNodes = 100_000;

    private readonly Parser _parser;
    private readonly List<YamlMistake> _mistakes = [];
    private readonly Dictionary<string, YamlNode> _anchors = [];
    private int _nodes;

    private YamlReader(TextReader text) => _parser = new Parser(new Scanner(text, skipComments: true));

    /// <summary>Reads a document.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mistakes">What is wrong with it; empty when all is well.</param>
    /// <returns>The root, an empty map for an empty text; null when the syntax is wrong.</returns>
    public static YamlMap? Read(TextReader text, out IReadOnlyList<YamlMistake> mistakes)
    {
        var reader = new YamlReader(text);
        mistakes = reader._mistakes;
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException e)
        {
            return reader.Fail(At(e.Start), e.Message.TrimEnd('.'));
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet 16.3 throws this from Scanner.ScanPlainScalar, without a place, where a flow list or map is not closed.
            return reader.Fail(At(reader._parser.Current?.End ?? Mark.Empty), "no sense can be made of what follows; is a bracket, a brace or a quote not closed?");
        }
    }

    private YamlMap? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
            return new YamlMap([], new YamlPosition(1, 1));
        _parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
            _mistakes.Add(new YamlMistake(At(second.Start), "a second document begins here; a configuration file has one"));
        if (root is YamlMap map)
            return map;
        if (root is YamlScalar { Value: null })
            return new YamlMap([], root.Position);
        _mistakes.Add(new YamlMistake(root.Position, "expected a map of sections such as 'vpn:' at the top level"));
        return null;
    }

    private YamlNode ReadNode(int depth)
    {
        if (depth > MaxDepth)
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, $"maps and lists are nested deeper than {MaxDepth}");
        if (++_nodes > MaxNodes)
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, $"the file has more than {MaxNodes} entries");

        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return Resolve(alias);
        if (_parser.TryConsume<Scalar>(out var scalar))
            return Remember(scalar, new YamlScalar(IsNull(scalar) ? null : scalar.Value, At(scalar.Start)));
        if (_parser.TryConsume<SequenceStart>(out var list))
            return Remember(list, ReadList(list, depth));
        var map = _parser.Consume<MappingStart>();
        return Remember(map, ReadMap(map, depth));
    }

    private YamlList ReadList(SequenceStart start, int depth)
    {
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode(depth + 1));
        return new YamlList(items, At(start.Start));
    }

    private YamlMap ReadMap(MappingStart start, int depth)
    {
        var entries = new YamlEntries(_mistakes);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key))
                throw new YamlException(_parser.Current!.Start, _parser.Current.End, "a key must be a single word");
            var value = ReadNode(depth + 1);
            if (key.Value == "<<" && key.Style == ScalarStyle.Plain)
                entries.Merge(value);
            else
                entries.Add(new YamlEntry(key.Value, At(key.Start), value));
        }
        return new YamlMap(entries.ToList(), At(start.Start));
    }

    private YamlNode Resolve(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var node))
            throw new YamlException(alias.Start, alias.End, $"'*{alias.Value.Value}' names no anchor that stands before it");
        _nodes += Count(node);
        return node;
    }

    private YamlNode Remember(NodeEvent source, YamlNode node)
    {
        if (!source.Anchor.IsEmpty)
            _anchors[source.Anchor.Value] = node;
        return node;
    }

    private static int Count(YamlNode node) => 1 + node switch
    {
        YamlList list => list.Items.Sum(Count),
        YamlMap map => map.Entries.Sum(entry => Count(entry.Value)),
        _ => 0,
    };

    private static bool IsNull(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain && (scalar.Value is "" or "~" or "null" or "Null" or "NULL");

    private static YamlPosition At(Mark mark) => new(mark.Line, mark.Column);

    private YamlMap? Fail(YamlPosition position, string message)
    {
        _mistakes.Add(new YamlMistake(position, $"not valid YAML: {message}"));
        return null;
    }
}
