namespace PeerChat.Tui.Settings;

/// <summary>Where a value comes from, from the strongest to the weakest.</summary>
internal enum SettingSource
{
    /// <summary>A flag on the command line.</summary>
    Flag,

    /// <summary>An environment variable.</summary>
    Variable,

    /// <summary>A line of the configuration file for this command alone, or a general one.</summary>
    File,

    /// <summary>What PeerChat takes when nobody says anything.</summary>
    Default,

    /// <summary>Nobody says anything, and nothing is taken.</summary>
    None,
}
