namespace PeerChat.Terminal.Cells;

/// <summary>Which colours stand for the sixteen that views draw with: the user's own, others, or none.</summary>
/// <remarks>
/// Views name colours by their place among the sixteen, so that a theme is a table and no view knows of it. Only inks are
/// replaced: the ground stays the terminal's own, as a ground of ours would leave seams where the terminal erases.
/// </remarks>
public sealed class Palette
{
    /// <summary>Places that a palette gives a colour to.</summary>
    public const int Size = 16;

    private readonly Color[] _colors;

    private Palette(Color[] colors) => _colors = colors;

    /// <summary>The user's own sixteen, whatever the terminal makes of them.</summary>
    public static Palette User { get; } = new(OwnColors());

    /// <summary>No colour at all; bold, reverse and the like remain.</summary>
    public static Palette None { get; } = new(new Color[Size]);

    /// <summary>A palette of colours given as 0xRRGGBB, in the order of the sixteen.</summary>
    /// <exception cref="ArgumentException">There are not sixteen.</exception>
    public static Palette Of(params ReadOnlySpan<int> colors)
    {
        if (colors.Length != Size)
        {
            throw new ArgumentException($"A palette has {Size} colours.", nameof(colors));
        }

        var made = new Color[Size];
        for (var i = 0; i < Size; i++)
        {
            made[i] = Color.Rgb(
                (byte)((colors[i] >> 16) & 0xFF),
                (byte)((colors[i] >> 8) & 0xFF),
                (byte)(colors[i] & 0xFF)
            );
        }

        return new Palette(made);
    }

    /// <summary>What stands for a colour; those beyond the sixteen stand for themselves, except where there is no colour.</summary>
    public Color Of(Color color) =>
        color.IsPalette && color.Index < Size ? _colors[color.Index]
        : this == None ? Color.Default
        : color;

    private static Color[] OwnColors()
    {
        var colors = new Color[Size];
        for (var i = 0; i < Size; i++)
        {
            colors[i] = Color.Palette((byte)i);
        }

        return colors;
    }
}
