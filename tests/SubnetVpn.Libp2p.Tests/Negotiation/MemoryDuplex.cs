using System.IO.Pipelines;
using SubnetVpn.Libp2p.Negotiation;

namespace SubnetVpn.Libp2p.Tests.Negotiation;

/// <summary>One end of a pair joined by pipes; counts what it writes, and gives what it reads in pieces of a chosen size.</summary>
internal sealed class MemoryDuplex : IByteDuplex
{
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly PipeReader _reader;
    private readonly int _maxRead;

    private MemoryDuplex(Pipe input, Pipe output, int maxRead)
    {
        _reader = input.Reader;
        _input = input.Reader.AsStream();
        _output = output.Writer.AsStream();
        _maxRead = maxRead;
    }

    public List<byte[]> Writes { get; } = [];

    public bool ShowsAvailableData { get; init; }

    public bool IsDataAvailable
    {
        get
        {
            if (!ShowsAvailableData || !_reader.TryRead(out var result))
            {
                return false;
            }

            _reader.AdvanceTo(result.Buffer.Start);
            return !result.Buffer.IsEmpty;
        }
    }

    public static (MemoryDuplex Left, MemoryDuplex Right) CreatePair(int maxRead = int.MaxValue, bool showsAvailableData = false)
    {
        var options = new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false);
        var (one, other) = (new Pipe(options), new Pipe(options));
        return (new MemoryDuplex(one, other, maxRead) { ShowsAvailableData = showsAvailableData },
            new MemoryDuplex(other, one, maxRead) { ShowsAvailableData = showsAvailableData });
    }

    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken) =>
        _input.ReadAsync(destination[..Math.Min(destination.Length, _maxRead)], cancellationToken);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        Writes.Add(source.ToArray());
        await _output.WriteAsync(source, cancellationToken);
        await _output.FlushAsync(cancellationToken);
    }

    /// <summary>Ends our direction.</summary>
    public void Complete() => _output.Dispose();

    public async Task<byte[]> ReadRestAsync(CancellationToken cancellationToken)
    {
        using var rest = new MemoryStream();
        await _input.CopyToAsync(rest, cancellationToken);
        return rest.ToArray();
    }
}
