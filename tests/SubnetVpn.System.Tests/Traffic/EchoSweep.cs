namespace SubnetVpn.System.Tests.Traffic;

/// <summary>Sends a payload of every size of a range and checks that each comes back as it was sent.</summary>
internal sealed class EchoSweep(IEchoChannel channel, int window = 32)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>The sizes that did not come back within a few attempts; how often one had to be sent again.</summary>
    public async Task<(IReadOnlyList<int> Missing, int Repeats)> RunAsync(int first, int last, CancellationToken cancellationToken)
    {
        var waiting = new Queue<(int Size, int Attempt)>(Enumerable.Range(first, last - first + 1).Select(size => (size, 1)));
        var missing = new List<int>();
        var repeats = 0;
        while (waiting.Count > 0)
        {
            var batch = new Dictionary<int, int>();
            while (batch.Count < window && waiting.TryDequeue(out var next))
            {
                batch.Add(next.Size, next.Attempt);
                await channel.SendAsync(Pattern(next.Size), cancellationToken);
            }

            await CollectAsync(batch, cancellationToken);
            foreach (var (size, attempt) in batch)
            {
                if (attempt == 3)
                {
                    missing.Add(size);
                }
                else
                {
                    repeats++;
                    waiting.Enqueue((size, attempt + 1));
                }
            }
        }

        return (missing, repeats);
    }

    // Takes out of the batch what comes back intact, until it is empty or nothing comes any more.
    private async Task CollectAsync(Dictionary<int, int> batch, CancellationToken cancellationToken)
    {
        while (batch.Count > 0)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(_patience);
            try
            {
                var payload = await channel.ReceiveAsync(patience.Token);
                if (payload.Span.SequenceEqual(Pattern(payload.Length)))
                {
                    batch.Remove(payload.Length);
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static byte[] Pattern(int size)
    {
        var payload = new byte[size];
        for (var i = 0; i < size; i++)
        {
            payload[i] = (byte)((i * 31) + size);
        }

        return payload;
    }
}
