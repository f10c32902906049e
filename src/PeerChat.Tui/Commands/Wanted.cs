namespace PeerChat.Tui.Commands;

/// <summary>What a command line wants of its command.</summary>
internal enum Wanted
{
    /// <summary>That it runs.</summary>
    Run,

    /// <summary>Its help.</summary>
    Help,

    /// <summary>The program's version.</summary>
    Version,
}
