using System.CommandLine;
using PeerChat.Node;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands;

/// <summary>Reads a command line by the table; only the command that is called is built.</summary>
internal static class CommandTree
{
    private static readonly ParserConfiguration Configuration = new()
    {
        EnablePosixBundling = false,
        // '@' begins the name of a chat here, not that of a file with arguments
        ResponseFileTokenReplacer = null,
    };

    /// <summary>Reads a command line.</summary>
    /// <exception cref="UsageException">It is not of the table's form.</exception>
    public static ParsedLine Parse(string[] arguments) => SimpleLine.Read(arguments) ?? ParseAny(arguments);

    /// <summary>Reads any command line with the parser.</summary>
    /// <exception cref="UsageException">It is not of the table's form.</exception>
    internal static ParsedLine ParseAny(string[] arguments)
    {
        var row = CommandTable.Root;
        foreach (var argument in arguments)
        {
            if (CommandTable.Find(argument) is { } called)
            {
                row = called;
                break;
            }
        }

        var help = new Option<bool>("--help", "-h", "-?") { Recursive = true };
        var version = new Option<bool>("--version");
        var root = new RootCommand();
        root.Options.Clear();
        root.Directives.Clear();
        root.Options.Add(help);
        root.Options.Add(version);
        var (rootReader, reader) = (new TokenReader(), new TokenReader());
        rootReader.AddTo(root, CommandTable.Root);
        if (!row.IsRoot)
        {
            var command = new Command(row.Name);
            foreach (var alias in row.Aliases)
            {
                command.Aliases.Add(alias);
            }

            reader.AddTo(command, row);
            root.Subcommands.Add(command);
        }

        var parsed = root.Parse(arguments, Configuration);
        var isRoot = parsed.CommandResult == parsed.RootCommandResult;
        row = isRoot ? CommandTable.Root : row;
        // Help about a command that there is not would be help about another
        if (parsed.GetValue(help) && !(isRoot && parsed.UnmatchedTokens.Count > 0))
        {
            return new ParsedLine(row, Wanted.Help, NoValues);
        }

        RefuseMistyped(arguments, parsed, row, isRoot ? rootReader : reader);
        if (parsed.Errors.Count > 0)
        {
            throw new UsageException(Explain(parsed, isRoot));
        }

        if (parsed.GetValue(version))
        {
            return new ParsedLine(row, Wanted.Version, NoValues);
        }

        // What stands before the verb counts for it too, where it takes that
        var values = rootReader.Read(parsed);
        if (!isRoot)
        {
            foreach (var (name, value) in reader.Read(parsed))
            {
                values[name] = value;
            }
        }

        return new ParsedLine(row, Wanted.Run, values);
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> NoValues =>
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    // An option that there is not is a text to the parser; where it is near to one that there is, that was meant.
    private static void RefuseMistyped(
        string[] arguments,
        ParseResult parsed,
        CommandRow row,
        TokenReader reader
    )
    {
        if (arguments.Contains("--", StringComparer.Ordinal))
        {
            return; // whoever writes that means what follows
        }

        string[] known =
        [
            .. row
                .AllParameters.Where(one => one is { IsPositional: false, IsHidden: false })
                .Select(one => one.Name),
            "--help",
        ];
        foreach (var text in parsed.UnmatchedTokens.Concat(reader.ReadTexts(parsed)))
        {
            var name = text.Split('=')[0];
            if (
                name.StartsWith("--", StringComparison.Ordinal)
                && !name.Contains(' ')
                && NearestName.Of(name, known) is { } nearest
            )
            {
                throw new UsageException(
                    $"{Words.Of($"There is no option {name}.")} {Words.Of($"Did you mean {nearest}?")}"
                );
            }
        }
    }

    private static string Explain(ParseResult parsed, bool isRoot)
    {
        var sentence = Words.FromNode(parsed.Errors[0].Message.TrimEnd('.') + ".");
        if (
            isRoot
            && parsed.UnmatchedTokens.Count > 0
            && NearestName.Of(
                parsed.UnmatchedTokens[0],
                CommandTable.Verbs.Where(row => !row.IsHidden).Select(row => row.Name)
            )
                is { } nearest
        )
        {
            return $"{sentence} {Words.Of($"Did you mean {nearest}?")}";
        }

        return $"{sentence} {Words.Of("'peerchat --help' lists what there is.")}";
    }
}
