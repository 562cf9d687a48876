using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery;

namespace SubnetVpn.Transport.Libp2p.Records;

/// <summary>A validator of another plugin, as the library asks for it. What it throws is a no, and a defect of that plugin.</summary>
internal sealed partial class ValidatorAdapter(string name, IRecordValidator validator, ILogger logger) : SubnetVpn.Libp2p.Kademlia.Validation.IRecordValidator
{
    private readonly ILogger _logger = logger;

    public bool Validate(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        try
        {
            return validator.IsValid(key, value);
        }
        catch (Exception exception)
        {
            LogValidatorFailed(exception, name);
            return false;
        }
    }

    public int SelectBest(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        try
        {
            int best = validator.SelectBest(key, values);
            return best >= 0 && best < values.Count ? best : 0;
        }
        catch (Exception exception)
        {
            LogValidatorFailed(exception, name);
            return 0;
        }
    }

    [LoggerMessage(EventId = 60, Level = LogLevel.Error, Message = "The validator of the records /{Namespace}/ failed. It has to judge whatever comes.")]
    private partial void LogValidatorFailed(Exception exception, string @namespace);
}
