using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests.Traffic;

/// <summary>One TCP connection that carries bytes in one direction as fast as it can, hashed at both ends, until it is told to finish.</summary>
internal sealed class TcpFlow : IAsyncDisposable
{
    private const int BlockSize = 1 << 18;
    private readonly Socket _sender;
    private readonly Socket _receiver;
    private readonly CancellationTokenSource _finishing = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Task<string> _sending;
    private readonly Task<string> _receiving;
    private volatile bool _isPaused;
    private long _sent;
    private long _received;

    private TcpFlow(Socket sender, Socket receiver)
    {
        (_sender, _receiver) = (sender, receiver);
        _sending = Task.Run(SendAsync);
        _receiving = Task.Run(ReceiveAsync);
    }

    /// <summary>Bytes that the receiver has read.</summary>
    public long Received => Interlocked.Read(ref _received);

    public static async Task<TcpFlow> StartAsync(LabNode from, LabNode to)
    {
        using var listener = to.Machine.Namespace.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(to.VirtualIp, 0));
        listener.Listen();
        var sender = from.Machine.Namespace.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            var accepting = listener.AcceptAsync(TestContext.Current.CancellationToken);
            await sender.ConnectAsync(listener.LocalEndPoint!, TestContext.Current.CancellationToken).AsTask().WithinSafetyLimitAsync();
            return new TcpFlow(sender, await accepting.WithinSafetyLimitAsync());
        }
        catch
        {
            sender.Dispose();
            throw;
        }
    }

    /// <summary>Waits until so many more bytes have come; how many came a second.</summary>
    public async Task<double> MeasureAsync(long bytes)
    {
        var (before, start) = (Received, Stopwatch.GetTimestamp());
        await Eventually.TrueAsync(() => Received >= before + bytes, $"{bytes} more bytes come ({before} have)");
        return (Received - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The application at the far end stops reading: the window closes.</summary>
    public void PauseReading() => _isPaused = true;

    public void ResumeReading() => _isPaused = false;

    /// <summary>Sends no more, and waits until all that was sent has come.</summary>
    public async Task<TransferReport> FinishAsync()
    {
        await _finishing.CancelAsync();
        var sentHash = await _sending.WithinSafetyLimitAsync();
        var receivedHash = await _receiving.WithinSafetyLimitAsync();
        return new TransferReport(_sent, sentHash, Received, receivedHash, _watch.Elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        await _finishing.CancelAsync();
        await _disposing.CancelAsync();
        _sender.Dispose();
        _receiver.Dispose();
        await Task.WhenAll(_sending, _receiving).ContinueWith(_ => { }, TaskScheduler.Default); // Cut off: their faults are no news.
        _finishing.Dispose();
        _disposing.Dispose();
    }

    private async Task<string> SendAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = RandomNumberGenerator.GetBytes(BlockSize);
        while (!_finishing.IsCancellationRequested)
        {
            BitConverter.TryWriteBytes(block, _sent); // No two blocks are equal, so that a lost or repeated one shows.
            hash.AppendData(block);
            for (var offset = 0; offset < BlockSize;)
            {
                offset += await _sender.SendAsync(block.AsMemory(offset), SocketFlags.None, _disposing.Token);
            }

            _sent += BlockSize;
        }

        _sender.Shutdown(SocketShutdown.Send);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private async Task<string> ReceiveAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BlockSize];
        while (await _receiver.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, _disposing.Token) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
            Interlocked.Add(ref _received, count);
            while (_isPaused)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _disposing.Token);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
