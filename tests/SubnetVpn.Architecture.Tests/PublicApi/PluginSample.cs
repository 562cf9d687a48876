using System.Diagnostics.CodeAnalysis;

namespace SubnetVpn.Architecture.Tests.PublicApi;

/// <summary>What <see cref="ApiDump"/> has to show and what not.</summary>
[SuppressMessage("Usage", "CA2231", Justification = "A sample of signatures.")]
[SuppressMessage("Performance", "CA1822", Justification = "A sample of signatures.")]
#pragma warning disable CS0660, CS0661, CS0067
public abstract class PluginSample : IDisposable
{
    public const int Limit = 5;

    private readonly string _name;

    public PluginSample(string name = "x") => _name = name;

    public event EventHandler? Changed;

    public required string Id { get; set; }

    public string Name { get => _name; private set => throw new NotSupportedException(value); }

    public int? Size { get; init; }

    public int this[int index] => index;

    internal int Hidden => 1;

    public static bool operator ==(PluginSample left, PluginSample right) => ReferenceEquals(left, right);

    public static bool operator !=(PluginSample left, PluginSample right) => !ReferenceEquals(left, right);

    public bool Find<T>(in int key, [NotNullWhen(true)] out string? text, params T[] others) where T : class, IDisposable, new()
    {
        text = null;
        return false;
    }

    public void Dispose() => GC.SuppressFinalize(this);

    public override string ToString() => _name;

    protected abstract Task Run(IReadOnlyList<string> names);
}
#pragma warning restore CS0660, CS0661, CS0067
