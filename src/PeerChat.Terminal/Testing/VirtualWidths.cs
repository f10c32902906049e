namespace PeerChat.Terminal.Testing;

/// <summary>How a terminal counts columns; real ones do it one way or the other.</summary>
public enum VirtualWidths
{
    /// <summary>By what a reader sees as one character, as this library does.</summary>
    ByCluster,

    /// <summary>Each code point alone: a family is eight columns wide, a heart with emoji selector one.</summary>
    ByCodePoint,
}
