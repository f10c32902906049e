namespace PeerChat.Terminal.Host;

/// <summary>How a terminal shows pixels.</summary>
public enum GraphicsKind
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>As sixels (DEC STD 070 chapter 9; DEC VT340).</summary>
    Sixel,

    /// <summary>By the graphics protocol of kitty.</summary>
    Kitty,
}
