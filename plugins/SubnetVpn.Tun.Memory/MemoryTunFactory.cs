using Microsoft.Extensions.Logging;
using SubnetVpn.Tun.Memory.Device;
using SubnetVpn.Tun.Memory.HostSocket;

namespace SubnetVpn.Tun.Memory;

/// <summary>Makes devices inside this process.</summary>
internal sealed class MemoryTunFactory : ITunDeviceFactory
{
    private readonly MemoryTunOptions _options;
    private readonly ILogger _logger;

    /// <summary>Made by the composition.</summary>
    public MemoryTunFactory(MemoryTunOptions options, ILogger<MemoryTunFactory> logger) : this(options, new MemoryTunHub(), logger)
    {
    }

    /// <summary>For tests that want to be the host: the hub has the devices by name.</summary>
    internal MemoryTunFactory(MemoryTunOptions options, MemoryTunHub hub, ILogger<MemoryTunFactory> logger)
    {
        _options = options;
        _logger = logger;
        Hub = hub;
    }

    /// <summary>The devices that exist.</summary>
    internal MemoryTunHub Hub { get; }

    /// <inheritdoc/>
    /// <remarks>Never: <c>tun: auto</c> must not take a device that no packet of this host comes to. Name it to have it.</remarks>
    public bool IsSupported => false;

    /// <inheritdoc/>
    public async ValueTask<ITunDevice> CreateAsync(TunSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        cancellationToken.ThrowIfCancellationRequested();
        if (_options is { Offload: true, HostSocket: not null })
            throw new VpnException(
                VpnErrorReason.Configuration, "plugins: tun.memory: 'offload' and 'host_socket' exclude each other: the socket carries whole packets only.");

        var device = new MemoryTun(Hub, settings, _options);
        try
        {
            if (_options.HostSocket is { } path)
                device.Attach(HostSocketServer.Listen(path, device, _logger));
            return device;
        }
        catch
        {
            await device.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
