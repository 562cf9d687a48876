using System.ComponentModel.DataAnnotations;
using SubnetVpn.Tun;
using SubnetVpn.Tun.Linux;
using SubnetVpn.Tun.Memory;

namespace SubnetVpn.Plugins.Tests.TunPlugins;

public sealed class TunPluginTests
{
    public static TheoryData<IPlugin, string, Type, Type> Plugins => new()
    {
        { new LinuxTunPlugin(), "linux", typeof(LinuxTunFactory), typeof(LinuxTunOptions) },
        { new MemoryTunPlugin(), "memory", typeof(MemoryTunFactory), typeof(MemoryTunOptions) },
    };

    [Theory]
    [MemberData(nameof(Plugins), DisableDiscoveryEnumeration = true)]
    public void Configure_Always_OffersOneTunStrategyWithOptions(IPlugin plugin, string name, Type factory, Type options)
    {
        var builder = new RecordingBuilder();

        plugin.Configure(builder);

        var strategy = Assert.Single(builder.Strategies);
        Assert.Equal(StrategyKind.Tun, strategy.Kind);
        Assert.Equal(name, strategy.Name);
        Assert.Equal(typeof(ITunDeviceFactory), strategy.Contract);
        Assert.Equal(factory, strategy.Implementation);
        Assert.Equal([options], builder.Options);
        // The composition makes it by its one public constructor.
        Assert.Single(factory.GetConstructors());
    }

    [Theory]
    [MemberData(nameof(Plugins), DisableDiscoveryEnumeration = true)]
    public void Options_Defaults_AreValid(IPlugin plugin, string name, Type factory, Type options)
    {
        var instance = Activator.CreateInstance(options)!;

        Validator.ValidateObject(instance, new ValidationContext(instance), validateAllProperties: true);

        Assert.Equal($"tun.{name}", plugin.Id.ToString());
        Assert.Equal(options.Assembly, factory.Assembly);
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(65_537, false)]
    public void LinuxOptions_QueueLength_IsBounded(int length, bool isValid)
    {
        var options = new LinuxTunOptions { QueueLength = length };

        Assert.Equal(isValid, Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true));
    }
}
