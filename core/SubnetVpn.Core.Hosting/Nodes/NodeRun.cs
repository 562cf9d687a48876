using Autofac;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Packets;
using SubnetVpn.Core.Plugins.Composition;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Hosting.Nodes;

/// <summary>A node from one start to the next stop: its root container, and what lives in it.</summary>
internal sealed partial class NodeRun : IAsyncDisposable
{
    private readonly IContainer _container;
    private readonly ListenState _listening = new();
    private volatile IReadOnlyList<NodeNetwork> _networks = [];

    private NodeRun(NodePlan plan, NodeServices services, NodeIdentity identity, ITransport? transport)
    {
        Plan = plan;
        Identity = identity;
        StartedAt = services.Time.GetUtcNow();
        _container = Compose(plan, services, identity, transport, _listening, new VirtualSubnets(() => _networks));
        _networks = [.. plan.Networks.Select(network => new NodeNetwork(_container, network))];
    }

    /// <summary>What it was started with: networks may have newer plans.</summary>
    public NodePlan Plan { get; }

    public NodeIdentity Identity { get; }

    public DateTimeOffset StartedAt { get; }

    public IReadOnlyList<NodeNetwork> Networks => _networks;

    public ITransport? Transport { get; private set; }

    public IReadOnlyList<string> ListenAddresses => _listening.Addresses;

    public static NodeRun Create(NodePlan plan, NodeServices services) =>
        new(plan, services, IdentityFile.LoadOrCreate(plan.Configuration.IdentityFile), null);

    /// <summary>For a look only: writes no identity when there is none yet.</summary>
    /// <param name="plan">What to look at.</param>
    /// <param name="services">What it takes from the process.</param>
    /// <param name="transport">One that runs, to be left as it is; null to make the plan's.</param>
    public static NodeRun CreateForCheck(NodePlan plan, NodeServices services, ITransport? transport = null) => new(
        plan, services, Path.Exists(plan.Configuration.IdentityFile) ? IdentityFile.Load(plan.Configuration.IdentityFile) : NodeIdentity.Generate(), transport);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Transport = _container.ResolveOrTell<ITransport>();
        _listening.Addresses = await Transport.ListenAsync(Plan.Configuration.Listen, cancellationToken);
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

    private static IContainer Compose(NodePlan plan, NodeServices services, NodeIdentity identity, ITransport? transport, ListenState listening, VirtualSubnets subnets)
    {
        var builder = new ContainerBuilder();
        builder.RegisterModule(new PluginModule(plan.Catalog));
        builder.RegisterInstance(services.Loggers).ExternallyOwned();
        builder.RegisterInstance(services.Meters).ExternallyOwned();
        builder.RegisterInstance(services.Time).As<TimeProvider>().ExternallyOwned();
        builder.RegisterInstance(listening);
        builder.RegisterInstance(subnets).As<IVirtualSubnets>();
        builder.RegisterType<Ed25519Signatures>().As<IEd25519>().SingleInstance();
        builder.RegisterInstance(identity).As<INodeIdentity>().ExternallyOwned();
        builder.RegisterType<PacketPool>().As<IPacketPool>().SingleInstance();
        if (transport is null)
            builder.RegisterStrategy(plan.Transport);
        else
            builder.RegisterInstance(transport).AsImplementedInterfaces().ExternallyOwned();
        return builder.Build();
    }
}
