namespace PeerChat.Terminal.Cells;

/// <summary>How many colours the terminal is given.</summary>
public enum ColorDepth
{
    /// <summary>None (<c>NO_COLOR</c>); bold, underline and the like remain.</summary>
    None,

    /// <summary>The sixteen of the user's own palette.</summary>
    Palette16,

    /// <summary>The fixed 256.</summary>
    Palette256,

    /// <summary>Red, green and blue with eight bits each.</summary>
    TrueColor,
}
