using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Plugins.Tests.Options;

public sealed class StrictBinderTests
{
    [Fact]
    public void Bind_EmptySection_KeepsDefaults()
    {
        var (options, mistakes) = Sample.Bind<SampleOptions>();

        Assert.Empty(mistakes);
        Assert.Equal(1400, options.Mtu);
        Assert.Equal(["0.0.0.0/0"], options.Routes);
        Assert.Equal(7, options.Retry.Maximum);
    }

    [Fact]
    public void Bind_EveryKind_SetsThem()
    {
        var (options, mistakes) = Sample.Bind<SampleOptions>(
            ("mtu", "9000"), ("dial_timeout", "500s"), ("virtual_ip6", "fd00::1"), ("enable", "false"), ("port", "4001"), ("mode", "round_robin"),
            ("routes:0", "10.0.0.0/8"), ("routes:1", "fd00::/8"), ("unallowed_ports:0", "22"), ("unallowed_ports:1", "22"),
            ("peers:0:id", "a"), ("peers:0:addresses:0", "/x"), ("peers:1:id", "b"), ("peers:1:addresses:0", "/y"),
            ("networks:office:maximum", "3"), ("networks:Home:maximum", "4"), ("retry:minimum", "2"), ("gateway", "10.0.0.1"), ("weight", "1e-1"));

        Assert.Empty(mistakes);
        Assert.Equal((9000, TimeSpan.FromSeconds(500), "fd00::1", false, (ushort?)4001), (options.Mtu, options.DialTimeout, options.VirtualIp6, options.Enable, options.Port));
        Assert.Equal(SampleMode.RoundRobin, options.Mode);
        Assert.Equal(["10.0.0.0/8", "fd00::/8"], options.Routes);
        Assert.Equal([22], options.UnallowedPorts);
        Assert.Equal(["a", "b"], options.Peers.Select(peer => peer.Id));
        Assert.Equal(["/y"], options.Peers[1].Addresses!);
        Assert.Equal((3, 4), (options.Networks["office"].Maximum, options.Networks["Home"].Maximum));
        Assert.Equal((7, 2), (options.Retry.Maximum, options.Retry.Minimum));
        Assert.Equal(VirtualIp.Parse("10.0.0.1"), options.Gateway);
        Assert.Equal(0.1, options.Weight);
    }

    [Fact]
    public void Bind_ElevenElements_KeepsTheirOrder()
    {
        var (options, mistakes) = Sample.Bind<SampleOptions>([.. Enumerable.Range(0, 11).Select(index => ($"routes:{index}", (string?)$"10.{index}.0.0/16"))]);

        Assert.Empty(mistakes);
        Assert.Equal("10.2.0.0/16", options.Routes[2]);
        Assert.Equal("10.10.0.0/16", options.Routes[10]);
    }

    [Fact]
    public void Bind_SingleValueForList_IsAListOfOne()
    {
        var (options, mistakes) = Sample.Bind<SampleOptions>(("routes", "10.0.0.0/8"));

        Assert.Empty(mistakes);
        Assert.Equal(["10.0.0.0/8"], options.Routes);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Bind_EmptyList_ReplacesTheDefault(string? nothing)
    {
        var (options, mistakes) = Sample.Bind<SampleOptions>(("routes", nothing));

        Assert.Empty(mistakes);
        Assert.Empty(options.Routes);
    }

    [Fact]
    public void Bind_KeysInCapitals_AreKnown()
    {
        var (options, mistakes) = Sample.Bind<SampleOptions>(("MTU", "1300"), ("DIAL_TIMEOUT", "5"));

        Assert.Empty(mistakes);
        Assert.Equal((1300, TimeSpan.FromSeconds(5)), (options.Mtu, options.DialTimeout));
    }

    [Theory]
    [InlineData("mtu", "many", "must be a whole number.")]
    [InlineData("mtu", "3000000000", "must be a whole number from -2147483648 to 2147483647.")]
    [InlineData("mtu", "100", "The field mtu must be between 576 and 9000.")]
    [InlineData("port", "70000", "must be a whole number from 0 to 65535.")]
    [InlineData("dial_timeout", "soon", DurationText.Rule)]
    [InlineData("dial_timeout", "2h", "The field dial_timeout must be between 00:00:01 and 01:00:00.")]
    [InlineData("enable", "yes", "must be true or false.")]
    [InlineData("mode", "least_loade", "is not known here. Did you mean 'least_loaded'? Known: least_loaded, round_robin.")]
    [InlineData("mode", "0", "is not known here. Known: least_loaded, round_robin.")]
    [InlineData("gateway", "10.0.0", "is not an IP address.")]
    [InlineData("weight", "NaN", "must be a number.")]
    [InlineData("unallowed_ports:0", "ssh", "must be a whole number from 0 to 65535.")]
    [InlineData("peers", "abc", "must be a list.")]
    [InlineData("retry", "3", "must be a map of keys and values.")]
    [InlineData("networks", "home", "must be a map of names.")]
    [InlineData("retry:maximum", "101", "The field maximum must be between 0 and 100.")]
    [InlineData("networks:office:maximum", "-1", "The field maximum must be between 0 and 100.")]
    public void Bind_WrongValue_TellsPathValueAndRule(string key, string value, string rule)
    {
        var (_, mistakes) = Sample.Bind<SampleOptions>((key, value));

        Assert.Equal([new ConfigurationMistake("plugins:sample:" + key, value, rule)], mistakes);
    }

    [Theory]
    [InlineData("dial_timout", "Did you mean 'dial_timeout'?")]
    [InlineData("dialTimeout", "Did you mean 'dial_timeout'?")]
    [InlineData("virtual-ip6", "Did you mean 'virtual_ip6'?")]
    [InlineData("ruotes", "Did you mean 'routes'?")]
    [InlineData("nothing_like_it", "Known: dial_timeout, enable, gateway, mode, mtu, ")]
    [InlineData("computed", "Known: dial_timeout, enable, gateway, mode, mtu, ")]
    public void Bind_UnknownKey_SuggestsTheNearest(string key, string advice)
    {
        var (_, mistakes) = Sample.Bind<SampleOptions>((key, "1"));

        var mistake = Assert.Single(mistakes);
        Assert.Equal("plugins:sample:" + key, mistake.Path);
        Assert.StartsWith("is an unknown key. " + advice, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_UnknownKeyInListElement_TellsItsPath()
    {
        var (_, mistakes) = Sample.Bind<SampleOptions>(("peers:0:id", "a"), ("peers:0:addresses:0", "/x"), ("peers:0:adresses:0", "/y"));

        Assert.Equal("plugins:sample:peers:0:adresses", Assert.Single(mistakes).Path);
    }

    [Fact]
    public void Bind_RequiredMissing_IsAMistakeEach()
    {
        var (_, mistakes) = Sample.Bind<SampleOptions>(("peers:0:addresses:0", "/x"), ("peers:1:id", "b"));

        Assert.Equal(
            [
                new ConfigurationMistake("plugins:sample:peers:0:id", null, "is missing, and must be given."),
                new ConfigurationMistake("plugins:sample:peers:1:addresses", null, "is missing, and must be given."),
            ],
            mistakes);
    }

    [Fact]
    public void Bind_ValueWithoutText_IsAMistakeUnlessNullable()
    {
        var (options, mistakes) = Sample.Bind<SampleOptions>(("mtu", null), ("port", null), ("virtual_ip6", null));

        Assert.Equal([new ConfigurationMistake("plugins:sample:mtu", null, "has no value. Give it one, or remove the key.")], mistakes);
        Assert.Null(options.Port);
        Assert.Null(options.VirtualIp6);
    }

    [Fact]
    public void Bind_MapForValueAndMapForList_AreMistakes()
    {
        var (_, mistakes) = Sample.Bind<SampleOptions>(("mtu:a", "1"), ("routes:first", "10.0.0.0/8"));

        Assert.Equal(
            [
                new ConfigurationMistake("plugins:sample:mtu", null, "must be a single value, not a list or a map."),
                new ConfigurationMistake("plugins:sample:routes", null, "must be a list, not a map (it has the key 'first')."),
            ],
            mistakes);
    }

    [Fact]
    public void Bind_ManyMistakes_TellsThemAll()
    {
        var (_, mistakes) = Sample.Bind<SampleOptions>(("mtu", "x"), ("port", "-1"), ("peers:0:id", "a"), ("unknown", "1"), ("retry:maximum", "500"), ("retry:mximum", "5"));

        Assert.Equal(["mtu", "peers:0:addresses", "port", "retry:maximum", "retry:mximum", "unknown"], mistakes.Select(mistake => mistake.Path["plugins:sample:".Length..]).Order());
    }

    [Fact]
    public void Bind_RuleAcrossProperties_IsTold()
    {
        var (_, mistakes) = Sample.Bind<SampleOptions>(("retry:minimum", "8"));

        Assert.Equal([new ConfigurationMistake("plugins:sample:retry", null, "must not be below the minimum.")], mistakes);
    }

    [Fact]
    public void Bind_OtherKeys_AreNotUnknown()
    {
        var mistakes = new List<ConfigurationMistake>();
        var section = Sample.Configuration(("maximum", "3"), ("mtu", "1400")).GetSection("plugins:sample");

        var options = StrictBinder.Bind<SampleNested>(section, mistakes, ["mtu"]);

        Assert.Empty(mistakes);
        Assert.Equal(3, options.Maximum);
    }

    [Fact]
    public void Bind_UnsupportedProperty_Throws() =>
        Assert.Throws<NotSupportedException>(() => Sample.Bind<UnsupportedOptions>());
}
