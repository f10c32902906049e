namespace PeerChat.Terminal.Cells;

/// <summary>Colours and attributes of a cell; the default is the terminal's own look.</summary>
/// <param name="Foreground">Colour of the ink.</param>
/// <param name="Background">Colour behind it.</param>
/// <param name="Attributes">How the ink differs from plain.</param>
public readonly record struct CellStyle(Color Foreground, Color Background, CellAttributes Attributes)
{
    private const CellAttributes SeenOnBlanks =
        CellAttributes.Underline | CellAttributes.Reverse | CellAttributes.Strike;

    /// <summary>The terminal's own look.</summary>
    public static CellStyle Default => default;

    /// <summary>Bold in the terminal's own colours.</summary>
    public static CellStyle Bold => new(default, default, CellAttributes.Bold);

    /// <summary>Faint in the terminal's own colours.</summary>
    public static CellStyle Dim => new(default, default, CellAttributes.Dim);

    /// <summary>Foreground and background exchanged.</summary>
    public static CellStyle Reverse => new(default, default, CellAttributes.Reverse);

    /// <summary>The address that the cell leads to, where the terminal knows hyperlinks (OSC 8); null for none.</summary>
    /// <remarks>Only what <see cref="Hyperlink.TryMake"/> gave: it is written as it is.</remarks>
    public Hyperlink? Link { get; init; }

    /// <summary>A colour on the terminal's own background.</summary>
    public static CellStyle Of(Color foreground) => new(foreground, default, CellAttributes.None);

    /// <summary>The same style with attributes added.</summary>
    public CellStyle With(CellAttributes attributes) => this with { Attributes = Attributes | attributes };

    /// <summary>The same style with foreground and background exchanged, or exchanged back.</summary>
    public CellStyle Toggled() => this with { Attributes = Attributes ^ CellAttributes.Reverse };

    /// <summary>What of the style can be seen on a blank; equal looks become equal cells.</summary>
    internal CellStyle OnBlank() =>
        (Attributes & SeenOnBlanks) == CellAttributes.None
            ? new CellStyle(default, Background, CellAttributes.None)
            : this with
            {
                Link = null,
            };

    /// <summary>The style as a terminal of that kind is to show it.</summary>
    internal CellStyle At(ColorDepth depth, Palette palette, bool hasLinks) =>
        new(palette.Of(Foreground).At(depth), palette.Of(Background).At(depth), Attributes)
        {
            Link = hasLinks ? Link : null,
        };
}
