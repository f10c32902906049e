namespace PeerChat.Terminal.Cells;

/// <summary>A colour: the terminal's default, one of a palette of 256 (of which 16 are the user's own), or RGB.</summary>
public readonly record struct Color
{
    private const uint PaletteTag = 0x0100_0000;
    private const uint RgbTag = 0x0200_0000;

    // Levels of the 6x6x6 cube in the palette of 256 (xterm)
    private static ReadOnlySpan<byte> CubeLevels => [0, 95, 135, 175, 215, 255];

    // xterm's own sixteen; only used to find the nearest one
    private static ReadOnlySpan<uint> Sixteen =>
        [
            0x000000,
            0xCD0000,
            0x00CD00,
            0xCDCD00,
            0x0000EE,
            0xCD00CD,
            0x00CDCD,
            0xE5E5E5,
            0x7F7F7F,
            0xFF0000,
            0x00FF00,
            0xFFFF00,
            0x5C5CFF,
            0xFF00FF,
            0x00FFFF,
            0xFFFFFF,
        ];

    private readonly uint _value;

    private Color(uint value) => _value = value;

    /// <summary>The terminal's default foreground or background.</summary>
    public static Color Default => default;

    /// <summary>Palette colour 0.</summary>
    public static Color Black => Palette(0);

    /// <summary>Palette colour 1.</summary>
    public static Color Red => Palette(1);

    /// <summary>Palette colour 2.</summary>
    public static Color Green => Palette(2);

    /// <summary>Palette colour 3.</summary>
    public static Color Yellow => Palette(3);

    /// <summary>Palette colour 4.</summary>
    public static Color Blue => Palette(4);

    /// <summary>Palette colour 5.</summary>
    public static Color Magenta => Palette(5);

    /// <summary>Palette colour 6.</summary>
    public static Color Cyan => Palette(6);

    /// <summary>Palette colour 7.</summary>
    public static Color White => Palette(7);

    /// <summary>Palette colour 8, mostly a grey.</summary>
    public static Color BrightBlack => Palette(8);

    /// <summary>Whether this is the terminal's default.</summary>
    public bool IsDefault => _value == 0;

    /// <summary>Whether this is a palette colour; then <see cref="Index"/> holds.</summary>
    public bool IsPalette => (_value & PaletteTag) != 0;

    /// <summary>Whether red, green and blue are given; then <see cref="Rgb24"/> holds.</summary>
    public bool IsRgb => (_value & RgbTag) != 0;

    /// <summary>The place in the palette.</summary>
    public int Index => (int)(_value & 0xFF);

    /// <summary>Red, green and blue as 0xRRGGBB.</summary>
    public int Rgb24 => (int)(_value & 0xFF_FFFF);

    /// <summary>A colour of the palette; 0 to 15 are the user's own.</summary>
    public static Color Palette(byte index) => new(PaletteTag | index);

    /// <summary>A colour by red, green and blue.</summary>
    public static Color Rgb(byte red, byte green, byte blue) =>
        new(RgbTag | ((uint)red << 16) | ((uint)green << 8) | blue);

    /// <summary>The nearest colour that the depth allows.</summary>
    public Color At(ColorDepth depth) =>
        depth switch
        {
            ColorDepth.None => Default,
            ColorDepth.Palette256 when IsRgb => NearestOf256(),
            ColorDepth.Palette16 when IsRgb => NearestOf16(_value & 0xFF_FFFF),
            ColorDepth.Palette16 when IsPalette && Index > 15 => NearestOf16(PaletteRgb(Index)),
            _ => this,
        };

    private static uint PaletteRgb(int index)
    {
        if (index >= 232)
        {
            return (uint)(8 + ((index - 232) * 10)) * 0x01_0101;
        }

        var cube = index - 16;
        return ((uint)CubeLevels[cube / 36] << 16)
            | ((uint)CubeLevels[cube / 6 % 6] << 8)
            | CubeLevels[cube % 6];
    }

    private static Color NearestOf16(uint rgb)
    {
        var best = 0;
        for (var i = 1; i < Sixteen.Length; i++)
        {
            if (Distance(Sixteen[i], rgb) < Distance(Sixteen[best], rgb))
            {
                best = i;
            }
        }

        return Palette((byte)best);
    }

    private static int Distance(uint left, uint right)
    {
        var red = (int)(left >> 16) - (int)(right >> 16);
        var green = (int)(left >> 8 & 0xFF) - (int)(right >> 8 & 0xFF);
        var blue = (int)(left & 0xFF) - (int)(right & 0xFF);
        return (red * red) + (green * green) + (blue * blue);
    }

    private Color NearestOf256()
    {
        var rgb = _value & 0xFF_FFFF;
        var best = 16;
        for (var i = 17; i < 256; i++)
        {
            if (Distance(PaletteRgb(i), rgb) < Distance(PaletteRgb(best), rgb))
            {
                best = i;
            }
        }

        return Palette((byte)best);
    }
}
