using SubnetVpn.Discovery;
using SubnetVpn.Plugins;

namespace SubnetVpn.TestPlugins.Faulty;

/// <summary>Fails as <c>plugins: test.faulty: fault:</c> says.</summary>
public sealed class FaultyPlugin : IPlugin
{
    public PluginId Id { get; } = PluginId.Parse("test.faulty");

    public void Configure(IPluginBuilder builder)
    {
        switch (builder.Configuration["fault"])
        {
            case "configure":
                throw new InvalidOperationException("no luck today");
            case "registers_nothing":
                break;
            case "registers_more":
                builder.AddRegistry<FaultyRegistry>("faulty");
                builder.AddRegistry<FaultyRegistry>("more");
                break;
            case "registers_twice":
                builder.AddRegistry<FaultyRegistry>("faulty");
                builder.AddRegistry<FaultyRegistry>("faulty");
                break;
            case "wrong_contract":
                builder.AddStrategy(new StrategyDescriptor(StrategyKind.Discovery, "odd", typeof(IPeerDiscovery), typeof(FaultyRegistry)));
                break;
            case "wrong_offer":
                AddRegistry(builder, typeof(FaultyRegistry), typeof(IRecordStore));
                break;
            case "bad_name":
                builder.AddRegistry<FaultyRegistry>("Not A Name");
                break;
            case "unsupported_options":
                builder.AddOptions<UnsupportedOptions>();
                break;
            case "late_builder":
                LateRegistration.Builder = builder;
                builder.AddRegistry<FaultyRegistry>("faulty");
                break;
            case "constructor":
                builder.AddRegistry<ThrowingRegistry>("faulty");
                break;
            case "constructor_offer":
                AddRegistry(builder, typeof(ThrowingRegistry), typeof(IRecordStore));
                break;
            case "constructor_vpn":
                builder.AddRegistry<RefusingRegistry>("faulty");
                break;
            case "unknown_dependency":
                builder.AddRegistry<NeedyRegistry>("faulty");
                break;
            default:
                builder.AddRegistry<FaultyRegistry>("faulty");
                break;
        }
    }

    private static void AddRegistry(IPluginBuilder builder, Type implementation, params Type[] offers) =>
        builder.AddStrategy(new StrategyDescriptor(StrategyKind.Registry, "faulty", typeof(IAddressRegistry), implementation) { Offers = offers });
}
