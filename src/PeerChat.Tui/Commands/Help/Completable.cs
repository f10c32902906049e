using PeerChat.Tui.Commands.Table;

namespace PeerChat.Tui.Commands.Help;

/// <summary>What the completion scripts of all shells need of the table.</summary>
internal static class Completable
{
    private static readonly string[] Always = ["--help"];

    /// <summary>The verbs that are offered.</summary>
    public static IEnumerable<CommandRow> Verbs => CommandTable.Verbs.Where(row => !row.IsHidden);

    /// <summary>The program without a verb, and the verbs.</summary>
    public static IEnumerable<CommandRow> Rows => [CommandTable.Root, .. Verbs];

    /// <summary>All options of a command.</summary>
    public static IEnumerable<string> Options(CommandRow row) =>
        row
            .AllParameters.Where(parameter => parameter is { IsPositional: false, IsHidden: false })
            .Select(parameter => parameter.Name)
            .Concat(Always)
            .Concat(row.IsRoot ? ["--version"] : []);

    /// <summary>Whether an option has a value behind it.</summary>
    public static bool HasValue(Parameter parameter) => parameter is { IsPositional: false, IsFlag: false };

    /// <summary>An option's names.</summary>
    public static IEnumerable<string> Names(Parameter parameter) =>
        parameter.Short is { } letter ? [parameter.Name, letter] : [parameter.Name];

    /// <summary>The arguments that have their place, counted from 0.</summary>
    public static IEnumerable<(Parameter Parameter, int Index)> Places(CommandRow row) =>
        row
            .Parameters.Where(parameter => parameter.IsPositional)
            .Select((parameter, index) => (parameter, index));

    /// <summary>What <c>peerchat complete</c> is asked for a value; null where it knows nothing.</summary>
    public static string? Source(Parameter parameter) =>
        parameter.Kind switch
        {
            ParameterKind.Peer => "peers",
            ParameterKind.Room => "rooms",
            ParameterKind.User => "users",
            ParameterKind.Interface => "interfaces",
            _ => null,
        };
}
