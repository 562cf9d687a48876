using System.Runtime.InteropServices;

namespace SubnetVpn.Daemon;

/// <summary>SIGTERM, SIGINT, SIGQUIT and the control API's wish as a token. A second signal ends the process as usual.</summary>
internal sealed class TerminationSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    public TerminationSignal() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Handle),
    ];

    public CancellationToken Token => _source.Token;

    public Task WaitAsync() => _received.Task;

    /// <summary>Does what a first signal does.</summary>
    public void Request()
    {
        if (_received.TrySetResult())
            _source.Cancel();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = _received.TrySetResult();
        if (context.Cancel)
            _source.Cancel();
    }
}
