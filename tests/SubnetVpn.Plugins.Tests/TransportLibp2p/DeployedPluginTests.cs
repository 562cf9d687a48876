using System.Runtime.Loader;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Plugins.Catalog;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Libp2p;

namespace SubnetVpn.Plugins.Tests.TransportLibp2p;

/// <summary>The plugin as an operator gets it: from its folder, in a load context of its own, with its own copies of its libraries.</summary>
public class DeployedPluginTests
{
    [Fact(Timeout = 60_000)]
    public async Task Select_FromThePluginsFolder_CarriesBytesBetweenTwoNodes()
    {
        var token = TestContext.Current.CancellationToken;
        using var catalog = PluginCatalog.Open(new PluginCatalogSettings { Directories = [Repository.Plugins] }, new ConfigurationBuilder().Build());
        var selection = catalog.Select(StrategyKind.Transport, "libp2p");
        Assert.True(selection.IsSelected, selection.Error?.ToString());
        var type = selection.Strategy.Descriptor.Implementation;
        using var dialling = NodeIdentity.Generate();
        using var listening = NodeIdentity.Generate();
        await using var dialler = Create(type, dialling);
        await using var listener = Create(type, listening);
        var received = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = listener.HandleStreams(
            "/test/1.0.0", async (stream, cancellationToken) => received.SetResult((await stream.ReadToEndAsync(cancellationToken)).Bytes));
        var addresses = await listener.ListenAsync(["/ip4/127.0.0.1/tcp/0"], token);

        var opened = await dialler.OpenStreamAsync(new PeerEndpoint(listening.Id, addresses), new StreamRequest(["/test/1.0.0"]), token);
        Assert.True(opened.Stream is not null, opened.Detail);
        var bytes = StreamIO.Pattern(1_000_000, seed: 1);
        Assert.Equal(StreamEnd.None, await opened.Stream.WriteAsync(bytes, token));
        await opened.Stream.CloseWriteAsync(token);

        Assert.Equal(bytes, await received.Task);
        Assert.NotSame(AssemblyLoadContext.Default, AssemblyLoadContext.GetLoadContext(type.Assembly));
        Assert.NotEqual(typeof(Libp2pTransport), type);
    }

    private static ITransport Create(Type type, INodeIdentity identity)
    {
        var constructor = Assert.Single(type.GetConstructors());
        var options = Activator.CreateInstance(constructor.GetParameters()[0].ParameterType);
        return (ITransport)constructor.Invoke([options, identity, NoSubnets.Instance, TimeProvider.System, NullLoggerFactory.Instance, new ScopedMeters()]);
    }
}
