using Microsoft.Extensions.Logging;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Dispatch;

/// <summary>
/// Reads the TUN device in batches and dispatches. One per network; runs on the device's reading thread and never waits
/// for anything but the device.
/// </summary>
internal sealed partial class OutboundPump(ITunDevice tun, Dispatcher dispatcher, IPacketPool pool, ILogger logger)
{
    private const int BatchSize = 16;

    // Packets up to this length are copied to a buffer of their size: a queue of acknowledgements must not hold 64 KiB for each.
    private const int SmallPacket = 2048;

    private static readonly bool s_hasFewProcessors = Environment.ProcessorCount <= 2;

    /// <summary>Runs until cancelled or until the device is gone; returns whether it is gone.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var batch = new PacketBuffer[BatchSize];
        var turn = new WriterTurn();
        for (var i = 0; i < BatchSize; i++)
            batch[i] = pool.Rent(PacketBuffer.MaxPacketLength);
        try
        {
            while (true)
            {
                var count = await tun.ReadAsync(batch, cancellationToken);
                if (count == 0)
                    return !cancellationToken.IsCancellationRequested;
                Dispatch(batch.AsSpan(0, count), turn);
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
            foreach (var buffer in batch)
                buffer.Release();
        }
    }

    private void Dispatch(Span<PacketBuffer> batch, WriterTurn turn)
    {
        var isSmall = true;
        turn.Begin();
        try
        {
            foreach (ref var buffer in batch)
            {
                isSmall &= buffer.Length <= SmallPacket;
                Dispatch(ref buffer);
            }
        }
        finally
        {
            turn.End(runHere: isSmall || s_hasFewProcessors);
        }
    }

    private void Dispatch(ref PacketBuffer buffer)
    {
        if (buffer.Length > SmallPacket)
        {
            dispatcher.Dispatch(buffer);
            buffer = pool.Rent(PacketBuffer.MaxPacketLength);
            return;
        }
        var small = pool.Rent(SmallPacket);
        small.Set(buffer.Span);
        small.Offload = buffer.Offload;
        dispatcher.Dispatch(small);
        buffer.Reset();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 300, Level = LogLevel.Error, Message = "Reading from TUN device {Tun} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string tun);
    }
}
