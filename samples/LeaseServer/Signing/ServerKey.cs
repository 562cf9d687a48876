using System.Security.Cryptography;
using SubnetVpn;

namespace LeaseServer.Signing;

/// <summary>The key that signs replies: 32 secret bytes in base64, in a file that only its owner reads.</summary>
internal sealed class ServerKey
{
    private const int Length = 32;

    private readonly IEd25519 _signatures;
    private readonly byte[] _seed;

    private ServerKey(IEd25519 signatures, byte[] seed)
    {
        (_signatures, _seed) = (signatures, seed);
        Public = Convert.ToBase64String(signatures.GetPublicKey(seed));
    }

    /// <summary>What clients pin.</summary>
    public string Public { get; }

    /// <exception cref="LeaseServerException">The file cannot be read or made, or holds no key.</exception>
    public static ServerKey Open(string path, IEd25519 signatures)
    {
        try
        {
            var seed = File.Exists(path) ? Convert.FromBase64String(File.ReadAllText(path).Trim()) : Create(path);
            return seed.Length == Length ? new ServerKey(signatures, seed) : throw new FormatException("it does not hold 32 bytes in base64.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new LeaseServerException($"Leases:KeyFile: {path}: {exception.Message}", exception);
        }
    }

    public byte[] Sign(ReadOnlySpan<byte> data) => _signatures.Sign(_seed, data);

    private static byte[] Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var seed = RandomNumberGenerator.GetBytes(Length);
        using var writer = new StreamWriter(path, options);
        writer.WriteLine(Convert.ToBase64String(seed));
        return seed;
    }
}
