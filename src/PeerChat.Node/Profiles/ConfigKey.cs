namespace PeerChat.Node.Profiles;

/// <summary>One key that the configuration file may hold.</summary>
/// <param name="Name">As it is written in the file, in lower case.</param>
/// <param name="Type">What its values may be.</param>
/// <param name="Summary">What it means, as whole sentences.</param>
public sealed record ConfigKey(string Name, ConfigType Type, string Summary)
{
    /// <summary>Whether one's name is announced on the local network.</summary>
    public static readonly ConfigKey AnnounceName = new(
        "announce-name",
        ConfigType.YesNo,
        "Whether others on the local network may see your name. Without this key PeerChat asks once."
    )
    {
        NeedsRestart = true,
    };

    /// <summary>The UDP port that offers may be sent to.</summary>
    public static readonly ConfigKey Port = new(
        "port",
        ConfigType.Number(1, ushort.MaxValue),
        "The UDP port to use. Without this key PeerChat takes 27717, or any free one."
    )
    {
        NeedsRestart = true,
    };

    /// <summary>The keys of the node itself, which every face has.</summary>
    public static readonly IReadOnlyList<ConfigKey> OfNode = [AnnounceName, Port];

    /// <summary>What counts without the key, as the file would write it; null where nothing does.</summary>
    public string? Default { get; init; }

    /// <summary>What counts without the key for a command that takes something else than <see cref="Default"/>.</summary>
    public IReadOnlyDictionary<string, string> CommandDefaults { get; init; } =
        new Dictionary<string, string>();

    /// <summary>The environment variable that says the same and counts before the file; null where there is none.</summary>
    public string? Variable { get; init; }

    /// <summary>Whether a running node goes on as before until it is started again.</summary>
    public bool NeedsRestart { get; init; }

    /// <summary>The commands that have the flag: each makes a key <c>COMMAND.NAME</c> that wins over <c>NAME</c> for that command.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];

    /// <summary>Every way to write the key: the general name, then that for each command.</summary>
    public IEnumerable<string> Names => [Name, .. Commands.Select(command => NameFor(command))];

    /// <summary>What counts without the key; null where nothing does.</summary>
    /// <param name="command">The command that asks, or null.</param>
    public string? DefaultFor(string? command) =>
        command is not null && CommandDefaults.TryGetValue(command, out var own) ? own : Default;

    /// <summary>The key's name for one command alone.</summary>
    public string NameFor(string command) => $"{command}.{Name}";
}
