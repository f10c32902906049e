using System.CommandLine;
using PeerChat.Tui.Commands.Options;
using PeerChat.Tui.Commands.Table;

namespace PeerChat.Tui.Commands;

/// <summary>The parameters of one command for the parser, and what it found for them.</summary>
internal sealed class TokenReader
{
    private readonly List<(string Name, Option Option)> _options = [];
    private readonly List<(string Name, Argument Argument)> _arguments = [];

    /// <summary>Puts a row's parameters on a command.</summary>
    public void AddTo(Command command, CommandRow row)
    {
        foreach (var parameter in row.AllParameters)
        {
            if (parameter.IsPositional)
            {
                var argument = new Argument<string?>(parameter.Name) { Arity = ArgumentArity.ZeroOrOne };
                command.Arguments.Add(argument);
                _arguments.Add((parameter.Name, argument));
                continue;
            }

            Option option = parameter switch
            {
                { IsFlag: true } => new Option<bool>(parameter.Name),
                { IsRepeatable: true } => new Option<string[]>(parameter.Name)
                {
                    Arity = ArgumentArity.OneOrMore,
                },
                _ => new Option<string>(parameter.Name) { Arity = ArgumentArity.ExactlyOne },
            };
            if (parameter.Short is { } letter)
            {
                option.Aliases.Add(letter);
            }

            command.Options.Add(option);
            _options.Add((parameter.Name, option));
        }
    }

    /// <summary>What stands in places of their own, as it was written.</summary>
    public IEnumerable<string> ReadTexts(ParseResult parsed) =>
        _arguments
            .Select(argument => parsed.GetResult(argument.Argument))
            .SelectMany(result => result?.Tokens ?? [])
            .Select(token => token.Value);

    /// <summary>What the command line says, by the parameter's name.</summary>
    public Dictionary<string, IReadOnlyList<string>> Read(ParseResult parsed)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (name, option) in _options)
        {
            if (parsed.GetResult(option) is not { Implicit: false } result)
            {
                continue;
            }

            values[name] = option is Option<bool> flag
                ? [ParameterValues.FormatFlag(parsed.GetValue(flag))]
                : [.. result.Tokens.Select(token => token.Value)];
        }

        foreach (var (name, argument) in _arguments)
        {
            if (parsed.GetResult(argument) is { Tokens.Count: > 0 } result)
            {
                values[name] = [.. result.Tokens.Select(token => token.Value)];
            }
        }

        return values;
    }
}
