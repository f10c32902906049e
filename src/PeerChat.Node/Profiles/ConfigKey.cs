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

    /// <summary>The environment variable that says the same and counts before the file; null where there is none.</summary>
    public string? Variable { get; init; }

    /// <summary>Whether a running node goes on as before until it is started again.</summary>
    public bool NeedsRestart { get; init; }

    /// <summary>
    /// The key for the whole program that counts where this one, which is for one command, is not given: <c>timeout</c> for
    /// <c>send.timeout</c>. Null where there is none.
    /// </summary>
    public string? Fallback { get; init; }
}
