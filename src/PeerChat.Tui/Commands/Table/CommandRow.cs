namespace PeerChat.Tui.Commands.Table;

/// <summary>One command with all its faces: command line, slash forms, methods of the control protocol.</summary>
/// <param name="Name">Its name; on the command line the verb.</param>
/// <param name="Group">Under which heading it is listed.</param>
/// <param name="Summary">What it does, in one sentence.</param>
internal sealed record CommandRow(string Name, CommandGroup Group, string Summary)
{
    /// <summary>Other verbs for it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>More about it, paragraph by paragraph.</summary>
    public IReadOnlyList<string> Help { get; init; } = [];

    /// <summary>What it takes on the command line, beside what every command takes.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>Whether it takes the options that choose profile and network.</summary>
    public bool TakesProfile { get; init; } = true;

    /// <summary>How it is used.</summary>
    public IReadOnlyList<Example> Examples { get; init; } = [];

    /// <summary>The exit codes it may end with.</summary>
    /// <remarks>Whatever opens a profile may find its keys locked.</remarks>
    public IReadOnlyList<int> ExitCodes
    {
        get =>
            TakesProfile && !IsHidden && Name != "config" && field.Contains(ExitCode.Storage)
                ? [.. field.Append(ExitCode.Locked).Order()]
                : field;
        init;
    } = [];

    /// <summary>Runs it from the command line; null where it is no verb.</summary>
    public Func<Call, CancellationToken, Task<int>>? Run { get; init; }

    /// <summary>Its forms in a chat.</summary>
    public IReadOnlyList<SlashForm> Slash { get; init; } = [];

    /// <summary>The commands of the control protocol that are its methods.</summary>
    public IReadOnlyList<Type> Methods { get; init; } = [];

    /// <summary>Whether it is left out of help and completion.</summary>
    public bool IsHidden { get; init; }

    /// <summary>
    /// Whether it begins by saying what the configuration file has wrong. The screen says it in its console, <c>config</c> by itself, and
    /// what shells run unseen not at all.
    /// </summary>
    public bool SaysConfigProblems => TakesProfile && !IsHidden && !IsRoot && Name != "config";

    /// <summary>A run that waits for nothing.</summary>
    public static Func<Call, CancellationToken, Task<int>> AtOnce(Func<Call, int> run) =>
        (call, _) => Task.FromResult(run(call));

    /// <summary>Whether it is the program without a verb.</summary>
    public bool IsRoot => Name.Length == 0;

    /// <summary>Whether it can be called from the command line.</summary>
    public bool IsVerb => Run is not null;

    /// <summary>All that it takes on the command line.</summary>
    public IEnumerable<Parameter> AllParameters =>
        TakesProfile
            ? Parameters.Concat(SharedParameters.Profile)
            : Parameters.Append(SharedParameters.Language);

    /// <summary>Whether the verb is this one's.</summary>
    public bool IsCalled(string verb) =>
        IsVerb && !IsRoot && (Name == verb || Aliases.Contains(verb, StringComparer.Ordinal));

    /// <summary>The configuration key of a parameter; null where it has none.</summary>
    public string? KeyOf(Parameter parameter) =>
        parameter.IsPositional || parameter.IsAction ? null
        : parameter.IsShared || IsRoot ? parameter.Name[2..]
        : $"{Name}.{parameter.Name[2..]}";
}
