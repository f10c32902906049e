namespace PeerChat.Node.Profiles;

/// <summary>What a line of the configuration file is.</summary>
internal enum ConfigLineKind
{
    /// <summary>Empty, or a comment alone.</summary>
    Comment,

    /// <summary>A key and its value.</summary>
    Setting,

    /// <summary>Anything else.</summary>
    Nonsense,
}
