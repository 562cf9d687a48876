using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using SubnetVpn.Libp2p.Noise;

namespace SubnetVpn.Benchmarks.Noise;

/// <summary>One Noise message, encrypted and decrypted in place. Decrypting includes the copy that makes it repeatable.</summary>
[MemoryDiagnoser]
public class NoiseCipherBenchmarks
{
    private NoiseCipher _seal = null!;
    private NoiseCipher _open = null!;
    private byte[] _message = [];
    private byte[] _sealed = [];

    /// <summary>Bytes of plaintext; the last is all that a message can hold.</summary>
    [Params(64, 200, 1400, 16 * 1024, NoiseConstants.MaxPlaintextBytes)]
    public int Bytes { get; set; }

    [Params(false, true)]
    public bool Aes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var suite = Aes ? NoiseCipherSuite.Aes256Gcm : NoiseCipherSuite.ChaCha20Poly1305;
        _seal = new NoiseCipher(new byte[NoiseConstants.KeyBytes], suite);
        _open = new NoiseCipher(new byte[NoiseConstants.KeyBytes], suite);
        _message = new byte[Bytes + NoiseConstants.TagBytes];
        _sealed = new byte[_message.Length];
        using var cipher = new NoiseCipher(new byte[NoiseConstants.KeyBytes], suite);
        cipher.Seal(_sealed, []);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _seal.Dispose();
        _open.Dispose();
    }

    [Benchmark]
    public void Seal() => _seal.Seal(_message, []);

    [Benchmark]
    public void Open()
    {
        // The same message again: with the counter that it was sealed with.
        CounterOf(_open) = 0;
        _sealed.CopyTo(_message, 0);
        if (!_open.TryOpen(_message, []))
            throw new InvalidOperationException("The message does not authenticate.");
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_counter")]
    private static extern ref ulong CounterOf(NoiseCipher cipher);
}
