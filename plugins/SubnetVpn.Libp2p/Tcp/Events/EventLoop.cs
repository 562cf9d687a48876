using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;

namespace SubnetVpn.Libp2p.Tcp.Events;

/// <summary>
/// A thread that waits for sockets and runs what waits for them, on itself: between the arrival of bytes and the code that takes
/// them there is no other thread to wake up. There are as many as processors, at most four, for all hosts of the process;
/// each socket belongs to one. They start with the first socket and never end.
/// </summary>
/// <remarks>
/// What .NET's own sockets do instead: one thread waits, and hands every event to the thread pool. Measured on two processors, two
/// nodes and iperf3 on them: see the README of this folder.
/// </remarks>
internal sealed class EventLoop
{
    /// <summary>
    /// With so few processors a wakeup costs more than what could run side by side: everything stays on the thread that it came on.
    /// </summary>
    public static readonly bool HasFewProcessors = Environment.ProcessorCount <= 2;

    private const int MaxLoops = 4;
    private const int MaxEvents = 64;

    private static readonly Lock _gate = new();
    private static readonly EventLoop?[] _loops = new EventLoop?[Math.Clamp(Environment.ProcessorCount, 1, MaxLoops)];

    [ThreadStatic]
    private static EventLoop? _current;

    private static int _next;

    private readonly int _queue = Epoll.Create();
    private readonly ConcurrentDictionary<long, EventLink> _links = new();
    private readonly Queue<SocketOperation> _deferred = new();
    private long _lastNumber;

    private EventLoop(int number)
    {
        var thread = new Thread(Run) { IsBackground = true, Name = string.Create(CultureInfo.InvariantCulture, $"sockets {number}") };
        thread.UnsafeStart();
    }

    /// <summary>Whether the caller runs on this loop's thread.</summary>
    public bool IsCurrent => _current == this;

    /// <summary>The loop for the next socket: they take turns.</summary>
    /// <exception cref="SocketException">The system gives no event queue: too many open files.</exception>
    public static EventLoop Choose()
    {
        lock (_gate)
        {
            _next = (_next + 1) % _loops.Length;
            return _loops[_next] ??= new EventLoop(_next);
        }
    }

    /// <summary>Tells the link of every change from now on, until <see cref="Remove"/>. Returns its number here.</summary>
    /// <exception cref="SocketException">The system takes no more.</exception>
    public long Add(SafeSocketHandle socket, EventLink link)
    {
        // A number, never used again: an event may still come for a socket that was closed.
        long number = Interlocked.Increment(ref _lastNumber);
        _links[number] = link;
        try
        {
            Epoll.Watch(_queue, socket, number);
            return number;
        }
        catch
        {
            Remove(number);
            throw;
        }
    }

    /// <summary>Forgets a link. The kernel forgets its socket when that is closed.</summary>
    public void Remove(long number) => _links.TryRemove(number, out _);

    /// <summary>Goes on with an operation after the others had their turn. On this loop's thread only.</summary>
    public void Defer(SocketOperation operation) => _deferred.Enqueue(operation);

    private void Run()
    {
        _current = this;
        var events = new byte[MaxEvents * Epoll.EventBytes];
        while (true)
        {
            int count = Epoll.Wait(_queue, events, _deferred.Count > 0 ? 0 : -1);
            for (int i = 0; i < count; i++)
            {
                (uint occurred, long number) = Epoll.Read(events.AsSpan(i * Epoll.EventBytes, Epoll.EventBytes));
                if (_links.TryGetValue(number, out EventLink? link))
                {
                    link.Occurred(occurred);
                }
            }

            // Those that are deferred meanwhile wait for the next turn.
            for (int left = _deferred.Count; left > 0; left--)
            {
                _deferred.Dequeue().BecameReady();
            }
        }
    }
}
