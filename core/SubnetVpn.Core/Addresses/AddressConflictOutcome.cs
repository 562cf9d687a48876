namespace SubnetVpn.Core.Addresses;

/// <summary>What came of it that another peer claims an address of this node.</summary>
public enum AddressConflictOutcome
{
    /// <summary>This node keeps it: the rule is for it, and the other has to go.</summary>
    Kept,

    /// <summary>This node, whose address is automatic, takes another one.</summary>
    Moved,

    /// <summary>This node, whose address was written out, takes its network down.</summary>
    Stopped,
}
