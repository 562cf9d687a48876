using SubnetVpn.TestPlugins.Common;

namespace SubnetVpn.TestPlugins.Faulty;

internal sealed class FaultyRegistry : ReportingRegistry
{
    public override string ToString()
    {
        if (LateRegistration.Builder is not { } builder)
            return "no fault";
        try
        {
            return builder.Configuration.Path;
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }
}
