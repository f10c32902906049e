using PeerChat.Tui.Commands.Options;
using PeerChat.Tui.Commands.Table;

namespace PeerChat.Tui.Commands;

/// <summary>
/// Command lines of the simplest form, <c>[VERB] --option VALUE --flag …</c>, read by the table alone. Building the parser for all options
/// takes longer than anything else in a start; everything that is not of this form, mistakes above all, is left to it.
/// </summary>
internal static class SimpleLine
{
    /// <summary>Reads a line; null where it is not of that form, and then nothing is said about whether it is right.</summary>
    public static ParsedLine? Read(ReadOnlySpan<string> arguments)
    {
        var row = CommandTable.Root;
        if (arguments is [[not '-', ..] verb, ..])
        {
            if (CommandTable.Find(verb) is not { } called)
            {
                return null;
            }

            row = called;
            arguments = arguments[1..];
        }

        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        while (arguments is [var name, .. var rest])
        {
            if (Find(row, name) is not { } parameter || !TryTake(parameter, values, ref rest))
            {
                return null;
            }

            arguments = rest;
        }

        return new ParsedLine(row, Wanted.Run, values);
    }

    private static bool TryTake(
        Parameter parameter,
        Dictionary<string, IReadOnlyList<string>> values,
        ref ReadOnlySpan<string> rest
    )
    {
        if (parameter.IsFlag)
        {
            return values.TryAdd(parameter.Name, [ParameterValues.FormatFlag(true)]);
        }

        if (rest is not [[not '-', ..] value, ..])
        {
            return false; // none, an empty one, or what may be an option
        }

        rest = rest[1..];
        if (parameter.IsRepeatable && values.TryGetValue(parameter.Name, out var before))
        {
            values[parameter.Name] = [.. before, value];
            return true;
        }

        return values.TryAdd(parameter.Name, [value]);
    }

    private static Parameter? Find(CommandRow row, string name)
    {
        foreach (var parameter in row.AllParameters)
        {
            if (!parameter.IsPositional && parameter.Name == name)
            {
                return parameter;
            }
        }

        return null;
    }
}
