namespace PeerChat.Tui.Commands.Options;

/// <summary>Where a value comes from, the weakest first.</summary>
internal enum OptionSource
{
    /// <summary>Nobody said anything.</summary>
    Default,

    /// <summary>The configuration file.</summary>
    Configuration,

    /// <summary>An environment variable.</summary>
    Environment,

    /// <summary>The command line.</summary>
    CommandLine,
}
