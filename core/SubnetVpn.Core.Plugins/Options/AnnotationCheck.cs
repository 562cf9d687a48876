using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace SubnetVpn.Core.Plugins.Options;

/// <summary>
/// Data annotations of one options object: those of its properties, of the class, and <see cref="IValidatableObject"/>.
/// The binder calls it for every object on its way, which makes it recursive.
/// </summary>
internal sealed class AnnotationCheck(ICollection<ConfigurationMistake> mistakes)
{
    public const string Missing = "is missing, and must be given.";

    /// <summary>Checks an object that was bound from a section.</summary>
    /// <param name="instance">The object.</param>
    /// <param name="section">Its section.</param>
    /// <param name="properties">Its properties.</param>
    /// <param name="broken">Properties that have a mistake already; they are not checked again.</param>
    public void Check(object instance, IConfigurationSection section, IReadOnlyList<OptionsProperty> properties, HashSet<OptionsProperty> broken)
    {
        var before = mistakes.Count;
        foreach (var property in properties)
            if (!broken.Contains(property))
                CheckProperty(instance, section.GetSection(property.Key), property);
        // Rules that span properties assume that each of them is well.
        if (mistakes.Count == before && broken.Count == 0)
            CheckWhole(instance, section, properties);
    }

    private void CheckProperty(object instance, IConfigurationSection section, OptionsProperty property)
    {
        var value = property.Property.GetValue(instance);
        var context = new ValidationContext(instance) { MemberName = property.Property.Name, DisplayName = property.Key };
        var rules = property.Property.GetCustomAttributes<ValidationAttribute>().ToList();
        if (rules.OfType<RequiredAttribute>().FirstOrDefault() is { } required && required.GetValidationResult(value, context) is { } missing)
        {
            mistakes.Add(new ConfigurationMistake(section.Path, section.Value, section.Exists() ? missing.ErrorMessage ?? Missing : Missing));
            return;
        }
        foreach (var rule in rules)
            if (rule is not RequiredAttribute && rule.GetValidationResult(value, context) is { } broken)
                mistakes.Add(new ConfigurationMistake(section.Path, section.Value, broken.ErrorMessage ?? $"breaks the rule {rule.GetType().Name}."));
    }

    private void CheckWhole(object instance, IConfigurationSection section, IReadOnlyList<OptionsProperty> properties)
    {
        var context = new ValidationContext(instance) { DisplayName = section.Key };
        foreach (var rule in instance.GetType().GetCustomAttributes<ValidationAttribute>())
            Report(rule.GetValidationResult(instance, context));
        if (instance is IValidatableObject validatable)
            foreach (var result in validatable.Validate(context))
                Report(result);

        void Report(ValidationResult? result)
        {
            if (result is null)
                return;
            var member = result.MemberNames.FirstOrDefault();
            var property = properties.FirstOrDefault(candidate => candidate.Property.Name == member);
            var place = property is null ? section : section.GetSection(property.Key);
            mistakes.Add(new ConfigurationMistake(place.Path, place.Value, result.ErrorMessage ?? "is not valid."));
        }
    }
}
