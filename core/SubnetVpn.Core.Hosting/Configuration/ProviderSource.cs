using Microsoft.Extensions.Configuration;

namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>A source of one provider that its maker keeps at hand.</summary>
internal sealed class ProviderSource(IConfigurationProvider provider) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => provider;
}
