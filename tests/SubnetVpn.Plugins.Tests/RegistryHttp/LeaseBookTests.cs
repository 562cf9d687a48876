using LeaseServer;
using LeaseServer.Leases;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

/// <summary>What the sample's server keeps.</summary>
public sealed class LeaseBookTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("subnetvpn-book-");
    private readonly LeaseNetwork _network = new("default", new NetworkOptions { Subnets = ["10.0.0.0/24"], Allow = ["any"] });

    private string FilePath => Path.Combine(_folder.FullName, "leases.json");

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""[{"network": "default", "address": "nobody", "peer": "x"}]""")]
    [InlineData("""[{"address": "10.0.0.1", "peer": "12D3KooWA4Xop1JaT3MHxwYMkCepYsv4iPVopMXwCz5iHYdBfeSB"}]""")]
    [InlineData("""[{"network": "a", "address": "10.0.0.1", "peer": "12D3KooWA4Xop1JaT3MHxwYMkCepYsv4iPVopMXwCz5iHYdBfeSB"}, {"network": "a", "address": "10.0.0.1", "peer": "12D3KooWA4Xop1JaT3MHxwYMkCepYsv4iPVopMXwCz5iHYdBfeSB"}]""")]
    public void Create_FileIsWrong_SaysSoAndLeavesIt(string text)
    {
        File.WriteAllText(FilePath, text);

        var exception = Assert.Throws<LeaseServerException>(() => Open());

        Assert.Contains($"{FilePath} cannot be read", exception.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(FilePath));
    }

    [Fact]
    public void Request_FileCannotBeWritten_ChangesNothing()
    {
        var book = Open();
        book.Request(_network, VirtualIp.Parse("10.0.0.1"), TestPeers.Create(1));
        // A folder stands where the new file is written.
        Directory.CreateDirectory(FilePath + ".new");

        Assert.ThrowsAny<Exception>(() => book.Request(_network, VirtualIp.Parse("10.0.0.2"), TestPeers.Create(2)));

        Assert.Null(book.Find(_network, VirtualIp.Parse("10.0.0.2")));
        Directory.Delete(FilePath + ".new");
        Assert.Equal(LeaseVerdict.Granted, book.Request(_network, VirtualIp.Parse("10.0.0.2"), TestPeers.Create(2)).Verdict);
        Assert.Equal(TestPeers.Create(1), Open().Find(_network, VirtualIp.Parse("10.0.0.1"))?.Peer);
    }

    [Fact]
    public void Request_ManyAtOnce_GivesEachAddressOnce()
    {
        var book = Open();

        Parallel.For(0, 500, number => book.RequestAny(_network, _network.Subnets[0], TestPeers.Create(number)));

        var peers = Enumerable.Range(0, 500).Select(number => book.FindOf(_network, TestPeers.Create(number))).ToList();
        Assert.All(peers, static leases => Assert.True(leases.Count <= 1));
        Assert.Equal(254, peers.SelectMany(static leases => leases).Select(static lease => lease.Address).Distinct().Count());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private LeaseBook Open() => new(new LeaseFile(FilePath), TimeSpan.FromHours(2), new ManualTimeProvider());
}
