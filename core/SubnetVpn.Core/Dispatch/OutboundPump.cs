using Microsoft.Extensions.Logging;
using SubnetVpn.Streams;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Dispatch;

/// <summary>
/// Reads the TUN device in batches and dispatches. One per network; runs on the device's reading thread and never waits
/// for anything but the device.
/// </summary>
internal sealed partial class OutboundPump(ITunDevice tun, Dispatcher dispatcher, IWriteBatching? writes, IPacketPool pool, ILogger logger)
{
    private const int BatchSize = 16;

    // Packets up to this length are copied to a buffer of their size: a queue of acknowledgements must not hold 64 KiB for each.
    private const int SmallPacket = 2048;

    // Full reads of small packets in a row whose packets leave together. A read that was not full was the last for now.
    private const int MaxReads = 4;

    // With so few processors a wakeup costs more than what could run side by side: writers always run on the reader's thread.
    private static readonly bool s_hasFewProcessors = Environment.ProcessorCount <= 2;

    /// <summary>Runs until cancelled or until the device is gone; returns whether it is gone.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var batch = new PacketBuffer[BatchSize];
        var owned = new PacketBuffer[BatchSize];
        var (turn, dispatched) = (new WriterTurn(writes), new DispatchBatch(BatchSize));
        for (var i = 0; i < BatchSize; i++)
            batch[i] = pool.Rent(PacketBuffer.MaxPacketLength);
        try
        {
            for (var reads = 1; ; reads++)
            {
                var reading = tun.ReadAsync(batch, cancellationToken);
                if (!reading.IsCompleted)
                    turn.End(runHere: true);
                var count = await reading;
                if (count == 0)
                    return !cancellationToken.IsCancellationRequested;
                var isSmall = Dispatch(batch.AsSpan(0, count), owned.AsSpan(0, count), dispatched, turn);
                if (count == BatchSize && isSmall && reads < MaxReads)
                    continue;
                turn.End(runHere: isSmall || s_hasFewProcessors);
                reads = 0;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, tun.Name);
            return true;
        }
        finally
        {
            turn.End(runHere: false);
            foreach (var buffer in batch)
                buffer.Release();
        }
    }

    // Returns whether all of them are small.
    private bool Dispatch(Span<PacketBuffer> batch, Span<PacketBuffer> owned, DispatchBatch dispatched, WriterTurn turn)
    {
        var isSmall = true;
        for (var i = 0; i < batch.Length; i++)
        {
            isSmall &= batch[i].Length <= SmallPacket;
            owned[i] = Take(ref batch[i]);
        }
        turn.Begin();
        dispatcher.Dispatch(owned, dispatched);
        owned.Clear();
        return isSmall;
    }

    private PacketBuffer Take(ref PacketBuffer buffer)
    {
        var taken = buffer;
        if (taken.Length > SmallPacket)
        {
            buffer = pool.Rent(PacketBuffer.MaxPacketLength);
            return taken;
        }
        var small = pool.Rent(SmallPacket);
        small.Set(taken.Span);
        small.Offload = taken.Offload;
        taken.Reset();
        return small;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 300, Level = LogLevel.Error, Message = "Reading from TUN device {Tun} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string tun);
    }
}
