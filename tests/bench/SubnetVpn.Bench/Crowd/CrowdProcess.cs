using System.Globalization;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Crowd;

/// <summary>A crowd of nodes that one node knows, in a process of this program on another machine. See <see cref="CrowdProgram"/>.</summary>
internal sealed class CrowdProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(120);

    private readonly LabProcess _process;

    private CrowdProcess(LabProcess process) => _process = process;

    /// <summary>Makes the identities of the crowd and tells the node of them; none of them runs yet. The node has not been started.</summary>
    public static async Task<CrowdProcess> StartAsync(LabMachine machine, LabNode node, int members)
    {
        var crowd = new CrowdProcess(machine.Namespace.Start(
            Environment.ProcessPath!, CrowdProgram.Name, node.PeerId, node.ListenAddress, node.VirtualIp.ToString(), members.ToString(CultureInfo.InvariantCulture)));
        try
        {
            for (var member = 0; member < members; member++)
            {
                var line = await crowd._process.WaitForLineAsync(string.Create(CultureInfo.InvariantCulture, $"member {member} "), s_timeout);
                node.Knows(new LabPeer(line.Split(' ')[2], [], [CrowdMember.AddressOf(member).ToString()]));
            }
            return crowd;
        }
        catch
        {
            await crowd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets more of them run, and waits until each has its streams.</summary>
    public async Task GrowAsync(int members)
    {
        await _process.Input.WriteLineAsync(members.ToString(CultureInfo.InvariantCulture));
        await _process.Input.FlushAsync();
        await _process.WaitForLineAsync(string.Create(CultureInfo.InvariantCulture, $"up {members}"), s_timeout);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
