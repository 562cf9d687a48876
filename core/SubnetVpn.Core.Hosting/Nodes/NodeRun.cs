using Autofac;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Packets;
using SubnetVpn.Core.Plugins.Composition;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Hosting.Nodes;

/// <summary>A node from one start to the next stop: its root container, and what lives in it.</summary>
internal sealed class NodeRun : IAsyncDisposable
{
    private readonly NodePlan _plan;
    private readonly IContainer _container;

    private NodeRun(NodePlan plan, NodeServices services, NodeIdentity identity)
    {
        _plan = plan;
        Identity = identity;
        StartedAt = services.Time.GetUtcNow();
        _container = Compose(plan, services, identity);
        Networks = [.. plan.Networks.Select(network => new NodeNetwork(_container, network))];
    }

    public NodeIdentity Identity { get; }

    public DateTimeOffset StartedAt { get; }

    public IReadOnlyList<NodeNetwork> Networks { get; }

    public ITransport? Transport { get; private set; }

    public IReadOnlyList<string> ListenAddresses { get; private set; } = [];

    public static NodeRun Create(NodePlan plan, NodeServices services) =>
        new(plan, services, IdentityFile.LoadOrCreate(plan.Configuration.IdentityFile));

    /// <summary>For a look only: writes no identity when there is none yet.</summary>
    public static NodeRun CreateForCheck(NodePlan plan, NodeServices services) =>
        new(plan, services, Path.Exists(plan.Configuration.IdentityFile) ? IdentityFile.Load(plan.Configuration.IdentityFile) : NodeIdentity.Generate());

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Transport = _container.ResolveOrTell<ITransport>();
        ListenAddresses = await Transport.ListenAsync(_plan.Configuration.Listen, cancellationToken);
        foreach (var network in Networks)
            await network.StartAsync(cancellationToken);
    }

    public async Task CheckAsync()
    {
        _container.ResolveOrTell<ITransport>();
        foreach (var network in Networks)
            await network.TryComposeAsync();
    }

    public Task StopNetworksAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Networks.Select(network => network.StopAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        // In reverse: the networks, then transport and packet pool with the container, then the key.
        using var identity = Identity;
        await using var container = _container;
        await StopNetworksAsync(CancellationToken.None);
    }

    private static IContainer Compose(NodePlan plan, NodeServices services, NodeIdentity identity)
    {
        var builder = new ContainerBuilder();
        builder.RegisterModule(new PluginModule(plan.Catalog));
        builder.RegisterInstance(services.Loggers).ExternallyOwned();
        builder.RegisterInstance(services.Meters).ExternallyOwned();
        builder.RegisterInstance(services.Time).As<TimeProvider>().ExternallyOwned();
        builder.RegisterInstance(identity).As<INodeIdentity>().ExternallyOwned();
        builder.RegisterType<PacketPool>().As<IPacketPool>().SingleInstance();
        builder.RegisterStrategy(plan.Transport);
        return builder.Build();
    }
}
