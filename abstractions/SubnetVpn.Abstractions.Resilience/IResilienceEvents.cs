namespace SubnetVpn.Resilience;

/// <summary>Companion of <see cref="IResiliencePolicy"/> for policies that tell what happens in them. Thread-safe.</summary>
public interface IResilienceEvents
{
    /// <summary>Tells an observer of everything from now on.</summary>
    /// <param name="observer">The observer. The same one may be given several times, and is then told several times.</param>
    /// <returns>Disposing of it ends that; a call that is going on may still finish. Safe twice.</returns>
    IDisposable Watch(IResilienceObserver observer);
}
