namespace PeerChat.Tui.Commands.Table;

/// <summary>One thing that a command takes.</summary>
/// <param name="Name">With two hyphens for an option; in capitals for an argument that has its place.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Help">What it means, in a sentence.</param>
internal sealed record Parameter(string Name, ParameterKind Kind, string Help)
{
    /// <summary>The one-letter form with its hyphen, or null.</summary>
    public string? Short { get; init; }

    /// <summary>What stands for the value in help; empty for flags.</summary>
    public string Placeholder { get; init; } = PlaceholderOf(Kind);

    /// <summary>The value where nobody says one, as it would be written; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>Whether it may be given several times.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>The words of a choice, also where any other text is allowed.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The least number.</summary>
    public long Minimum { get; init; } = 1;

    /// <summary>The greatest number.</summary>
    public long Maximum { get; init; } = int.MaxValue;

    /// <summary>
    /// Whether it says what to do rather than how. Such a one has no configuration key: a file that says <c>daemon.stop = yes</c> would
    /// leave a command that can do nothing else.
    /// </summary>
    public bool IsAction { get; init; }

    /// <summary>Whether only PeerChat itself gives it; left out of help and completion.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Whether a running node goes on as before until it is started again.</summary>
    public bool NeedsRestart { get; init; }

    /// <summary>The environment variable where its name is not made from the key.</summary>
    public string? OwnVariable { get; init; }

    /// <summary>Whether its configuration key is one for the whole program, such as <c>user</c>, rather than one of its command.</summary>
    public bool IsShared { get; init; }

    /// <summary>The key for the whole program that counts where the command's own says nothing; null for none.</summary>
    public string? FallbackKey { get; init; }

    /// <summary>Whether it is known by its place rather than by its name.</summary>
    public bool IsPositional => Name[0] != '-';

    /// <summary>Whether it has a value at all.</summary>
    public bool IsFlag => Kind == ParameterKind.Flag;

    private static string PlaceholderOf(ParameterKind kind) =>
        kind switch
        {
            ParameterKind.Flag => "",
            ParameterKind.Number => "N",
            ParameterKind.Time => "TIME",
            ParameterKind.Peer => "PEER",
            ParameterKind.Room => "ROOM",
            ParameterKind.User or ParameterKind.Interface => "NAME",
            ParameterKind.Address => "HOST[:PORT]",
            ParameterKind.StunServer => "HOST[:PORT]",
            ParameterKind.TurnServer or ParameterKind.PeerServer or ParameterKind.Tracker => "URL",
            ParameterKind.Rungs => "LIST",
            ParameterKind.Folder => "DIR",
            ParameterKind.File => "FILE",
            ParameterKind.Pattern => "REGEX",
            _ => "TEXT",
        };
}
