namespace SubnetVpn.Simulation.Tests.World;

/// <summary>
/// Where simulations that run at the same time wait for each other and for the thread pool: when all of them rest and the
/// pool is quiet, then all that follows from what they did has happened, and they go on together.
/// </summary>
internal sealed class RestGate : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _allRest = new(0);
    private readonly Thread _thread;
    private List<TaskCompletionSource> _resting = [];
    private int _members;
    private volatile bool _isDisposed;

    public RestGate()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "rest gate" };
        _thread.Start();
    }

    /// <summary>From now on nobody goes on before this member rests, too.</summary>
    public void Join()
    {
        lock (_gate)
            _members++;
    }

    public void Leave()
    {
        lock (_gate)
        {
            _members--;
            SignalIfAllRest();
        }
    }

    public Task RestAsync()
    {
        lock (_gate)
        {
            var rested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _resting.Add(rested);
            SignalIfAllRest();
            return rested.Task;
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _allRest.Release();
        _thread.Join();
        _allRest.Dispose();
    }

    private void SignalIfAllRest()
    {
        if (_resting.Count > 0 && _resting.Count == _members)
            _allRest.Release();
    }

    private void Run()
    {
        var probe = new ThreadPoolProbe();
        while (true)
        {
            _allRest.Wait();
            if (_isDisposed)
                return;
            Exception? fault = null;
            try
            {
                probe.WaitUntilQuiet();
            }
            catch (TimeoutException exception)
            {
                fault = exception;
            }
            List<TaskCompletionSource> rested;
            lock (_gate)
                (rested, _resting) = (_resting, []);
            foreach (var member in rested)
            {
                if (fault is null)
                    member.SetResult();
                else
                    member.SetException(fault);
            }
        }
    }
}
