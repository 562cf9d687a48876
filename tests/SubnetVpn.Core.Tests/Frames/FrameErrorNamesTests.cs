using System.Text.RegularExpressions;
using SubnetVpn.Core.Frames;

namespace SubnetVpn.Core.Tests.Frames;

public sealed partial class FrameErrorNamesTests
{
    [Fact]
    public void Of_EveryError_HasANameOfItsOwn()
    {
        var names = Enum.GetValues<FrameError>().Select(FrameErrorNames.Of).ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, static name => Assert.Matches(SnakeCase(), name));
    }

    [Fact]
    public void Of_UnknownError_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => FrameErrorNames.Of((FrameError)99));
    }

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$")]
    private static partial Regex SnakeCase();
}
