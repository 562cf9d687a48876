using System.Globalization;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Bench.Crowd;

/// <summary>
/// This program as a crowd: nodes that know one other and stay idle. Says <c>member NUMBER PEER</c> for each, then takes numbers, one a line:
/// so many are to run; says <c>up NUMBER</c> when each of them has streams in both directions. Ends with its input.
/// </summary>
internal static class CrowdProgram
{
    /// <summary>The first word of its command line; after it the node's peer id, address and virtual address, and the number of members.</summary>
    public const string Name = "crowd";

    public static async Task<int> RunAsync(string[] words)
    {
        var center = new CrowdCenter(PeerId.Parse(words[1]), words[2], VirtualIp.Parse(words[3]));
        var identities = Enumerable.Range(0, int.Parse(words[4], CultureInfo.InvariantCulture)).Select(static _ => NodeIdentity.Generate()).ToList();
        for (var member = 0; member < identities.Count; member++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"member {member} {identities[member].Id}"));
        var running = new List<CrowdMember>();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var wanted = int.Parse(line, CultureInfo.InvariantCulture);
            while (running.Count < wanted)
            {
                var member = new CrowdMember(running.Count, identities[running.Count], center);
                running.Add(member);
                await member.StartAsync();
                // One after the other: they stand for machines that do not all start at the same moment.
                await Eventually.TrueAsync(() => member.IsConnected);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"up {wanted}"));
        }
        foreach (var member in running)
            await member.DisposeAsync();
        return 0;
    }
}
