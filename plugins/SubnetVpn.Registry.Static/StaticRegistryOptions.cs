using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.Registry.Static;

/// <summary>The section <c>plugins: registry.static:</c>.</summary>
internal sealed class StaticRegistryOptions : IValidatableObject
{
    /// <summary><c>file</c>: the file that lists who may hold which address; a full path. Required.</summary>
    public string File { get; init; } = "";

    /// <summary>The rule of the path.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // A daemon may start anywhere.
        if (!Path.IsPathFullyQualified(File))
            yield return new ValidationResult("must be the full path of a file, such as /etc/subnetvpn/addresses.", [nameof(File)]);
    }
}
