namespace SubnetVpn.Core.Addresses;

/// <summary>A network that runs has to give up an address.</summary>
/// <param name="Conflict">Who has it from now on.</param>
/// <param name="Message">The same for the operator, with what to do.</param>
public sealed record AddressLoss(AddressConflict Conflict, string Message)
{
    /// <summary>Whether another address may be taken instead.</summary>
    public bool CanMove => Conflict.Outcome == AddressConflictOutcome.Moved;
}
