namespace PeerChat.Terminal.Cells;

/// <summary>How the ink of a cell differs from plain.</summary>
[Flags]
public enum CellAttributes : byte
{
    /// <summary>Plain.</summary>
    None = 0,

    /// <summary>Heavier.</summary>
    Bold = 1,

    /// <summary>Fainter.</summary>
    Dim = 2,

    /// <summary>Slanted.</summary>
    Italic = 4,

    /// <summary>Underlined.</summary>
    Underline = 8,

    /// <summary>Foreground and background exchanged.</summary>
    Reverse = 16,

    /// <summary>Struck through.</summary>
    Strike = 32,
}
