using System.Security.Cryptography;
using SubnetVpn.Libp2p.Crypto;

namespace SubnetVpn.Libp2p.Noise;

/// <summary>
/// The XX pattern (Noise revision 34, section 7.5), without I/O and without knowing what the payloads mean.
/// <code>
/// initiator                 responder
///   e                 ─▶                      message 1
///                     ◀─    e, ee, s, es      message 2
///   s, se             ─▶                      message 3
/// </code>
/// Each side calls its own three methods in that order; <see cref="Split"/> follows.
/// </summary>
internal sealed partial class XxHandshake : IDisposable
{
    private readonly SymmetricState _state;
    private readonly X25519KeyPair _static;
    private readonly X25519KeyPair _ephemeral;
    private readonly byte[] _remoteStatic = new byte[NoiseConstants.KeyBytes];
    private readonly byte[] _remoteEphemeral = new byte[NoiseConstants.KeyBytes];

    /// <summary>Takes ownership of both key pairs.</summary>
    public XxHandshake(X25519KeyPair staticKey, X25519KeyPair ephemeralKey, ReadOnlySpan<byte> prologue)
    {
        _static = staticKey;
        _ephemeral = ephemeralKey;
        _state = new SymmetricState(prologue);
    }

    public ReadOnlySpan<byte> LocalStatic => _static.PublicKey;

    /// <summary>Known after message 2 to the initiator, after message 3 to the responder.</summary>
    public ReadOnlySpan<byte> RemoteStatic => _remoteStatic;

    public ReadOnlySpan<byte> Hash => _state.Hash;

    public (NoiseCipher FromInitiator, NoiseCipher FromResponder) Split(NoiseCipherSuite suite = NoiseCipherSuite.ChaCha20Poly1305) =>
        _state.Split(suite);

    public void Dispose()
    {
        _state.Dispose();
        _static.Dispose();
        _ephemeral.Dispose();
    }

    private int WriteEphemeral(Span<byte> destination)
    {
        _ephemeral.PublicKey.CopyTo(destination);
        _state.MixHash(_ephemeral.PublicKey);
        return NoiseConstants.KeyBytes;
    }

    private void ReadEphemeral(ReadOnlySpan<byte> source)
    {
        source.CopyTo(_remoteEphemeral);
        _state.MixHash(source);
    }

    private bool TryReadStatic(ReadOnlySpan<byte> source) => _state.TryDecryptAndHash(source, _remoteStatic);

    private bool TryMix(X25519KeyPair local, ReadOnlySpan<byte> remote)
    {
        Span<byte> secret = stackalloc byte[NoiseConstants.KeyBytes];
        bool agreed = local.TryAgree(remote, secret);
        if (agreed)
        {
            _state.MixKey(secret);
        }

        CryptographicOperations.ZeroMemory(secret);
        return agreed;
    }

    /// <summary>The rest of a message is its payload, encrypted when there is a key.</summary>
    private NoiseFailure ReadPayload(ReadOnlySpan<byte> source, out byte[] payload)
    {
        payload = [];
        if (source.Length < _state.Overhead)
        {
            return NoiseFailure.Malformed;
        }

        var plaintext = new byte[source.Length - _state.Overhead];
        if (!_state.TryDecryptAndHash(source, plaintext))
        {
            return NoiseFailure.DecryptFailed;
        }

        payload = plaintext;
        return NoiseFailure.None;
    }
}
