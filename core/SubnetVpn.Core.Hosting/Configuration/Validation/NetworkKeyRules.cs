using SubnetVpn.Core.Hosting.Identity;

namespace SubnetVpn.Core.Hosting.Configuration.Validation;

/// <summary>Reads <c>network_key</c>: the word <c>open</c>, or the file that holds the key.</summary>
internal static class NetworkKeyRules
{
    private const string Key = "network_key";
    private const string Open = "open";

    /// <summary>The key; null when there is none, or when a mistake was added.</summary>
    public static NetworkKey? Read(string network, string? value, string baseDirectory, MistakeList mistakes)
    {
        switch (value)
        {
            case null:
                return null;
            case Open:
                return NetworkKey.Open(network);
            case "":
                mistakes.Add(Key, value, "must be a file, or the word 'open' for a network that lets anyone in");
                return null;
            default:
                break;
        }
        try
        {
            return NetworkKeyFile.Load(Path.GetFullPath(value, baseDirectory));
        }
        catch (IdentityException exception)
        {
            mistakes.Add(Key, value, exception.Message.TrimEnd('.'));
            return null;
        }
    }
}
