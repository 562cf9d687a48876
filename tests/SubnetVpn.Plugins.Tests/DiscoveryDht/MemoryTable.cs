namespace SubnetVpn.Plugins.Tests.DiscoveryDht;

/// <summary>A hash table whose nodes all know each other. Records are kept, judged and passed on as in a real one.</summary>
internal sealed class MemoryTable
{
    public List<MemoryTableNode> Nodes { get; } = [];

    public MemoryTableNode Add()
    {
        var node = new MemoryTableNode(this);
        Nodes.Add(node);
        return node;
    }
}
