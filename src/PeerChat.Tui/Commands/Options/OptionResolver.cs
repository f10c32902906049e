using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands.Options;

/// <summary>The one place where values come from: command line, then environment, then configuration, then the default.</summary>
/// <param name="given">What the command line says, by the parameter's name; a flag alone is <c>yes</c>.</param>
/// <param name="environment">Reads an environment variable; null where it is not set.</param>
/// <param name="configuration">Reads a configuration key, or the one it falls back to; null where neither is set.</param>
internal sealed class OptionResolver(
    IReadOnlyDictionary<string, IReadOnlyList<string>> given,
    Func<string, string?> environment,
    Func<string, string?> configuration
)
{
    /// <summary>What the command line says, by the parameter's name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Given => given;

    /// <summary>What a parameter of a command is worth.</summary>
    /// <exception cref="UsageException">The value is none that it can have; the sentence says who gave it.</exception>
    public OptionValue Resolve(CommandRow row, Parameter parameter)
    {
        var value = Find(row, parameter);
        foreach (var text in value.Values)
        {
            if (ParameterValues.Problem(parameter, text) is { } problem)
            {
                throw new UsageException(
                    value.Source == OptionSource.Environment
                        ? $"{problem} {Words.Of($"The environment variable {value.Origin} says so.")}"
                        : problem
                );
            }
        }

        return value;
    }

    private OptionValue Find(CommandRow row, Parameter parameter)
    {
        if (given.TryGetValue(parameter.Name, out var values) && values.Count > 0)
        {
            return new OptionValue(values, OptionSource.CommandLine, parameter.Name);
        }

        if (row.KeyOf(parameter) is { } key)
        {
            foreach (var variable in VariablesOf(key, parameter))
            {
                if (environment(variable) is { Length: > 0 } set)
                {
                    return new OptionValue(Split(parameter, set), OptionSource.Environment, variable);
                }
            }

            if (configuration(key) is { Length: > 0 } line)
            {
                return new OptionValue(Split(parameter, line), OptionSource.Configuration, key);
            }
        }

        return new OptionValue(parameter.Default is { } usual ? [usual] : [], OptionSource.Default, "");
    }

    private static IEnumerable<string> VariablesOf(string key, Parameter parameter) =>
        parameter.FallbackKey is { } fallback
            ? [ConfigurationKeys.VariableOf(key, parameter), ConfigurationKeys.VariableOf(fallback)]
            : [ConfigurationKeys.VariableOf(key, parameter)];

    // Lists have commas between, in the environment and in the configuration alike
    private static IReadOnlyList<string> Split(Parameter parameter, string text) =>
        parameter.IsRepeatable ? Node.Profiles.ConfigType.Split(text) : [text];
}
