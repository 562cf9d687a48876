namespace SubnetVpn.Plugins.Tests.RegistryHttp;

/// <summary>What requests of a registry go through in tests: it can be cut, and it can lie.</summary>
internal sealed class Wire : DelegatingHandler
{
    private int _requests;

    public Wire()
        : base(new SocketsHttpHandler())
    {
    }

    public int Requests => Volatile.Read(ref _requests);

    public bool IsCut { get; set; }

    /// <summary>Held back until this is done.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Sends requests elsewhere.</summary>
    public Uri? Redirect { get; set; }

    public Action<HttpRequestMessage>? Before { get; set; }

    public Func<HttpResponseMessage, Task>? After { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        await Gate.WaitAsync(cancellationToken);
        if (IsCut)
            throw new HttpRequestException("The wire is cut.");
        if (Redirect is { } redirect)
            request.RequestUri = new Uri(redirect, request.RequestUri!.PathAndQuery);
        Before?.Invoke(request);
        var response = await base.SendAsync(request, cancellationToken);
        if (After is { } after)
            await after(response);
        return response;
    }
}
