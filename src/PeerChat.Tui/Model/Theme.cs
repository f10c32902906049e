using PeerChat.Terminal.Cells;

namespace PeerChat.Tui.Model;

/// <summary>A set of colours for the screen.</summary>
/// <param name="Name">What it is called on the command line and after <c>/theme</c>.</param>
/// <param name="Palette">Its inks; the ground is the terminal's own in every theme.</param>
internal sealed record Theme(string Name, Palette Palette)
{
    /// <summary>The user's own sixteen colours, as every other program of the terminal has them.</summary>
    public static Theme User { get; } = new("16", Palette.User);

    /// <summary>Inks for a dark ground; each of those that views use has a contrast of 4.5 or more on black and on #1e1e1e (WCAG 1.4.3).</summary>
    public static Theme Dark { get; } =
        new(
            "dark",
            Palette.Of(
                0x5F6672,
                0xF07178,
                0xA5D27A,
                0xE8C46B,
                0x6CB6F5,
                0xD08CE8,
                0x5FC8D0,
                0xC8CDD5,
                0x8A909B,
                0xFF8C92,
                0xBDE896,
                0xFFDC8C,
                0x8ECBFF,
                0xE4ABF7,
                0x82E0E6,
                0xFFFFFF
            )
        );

    /// <summary>Inks for a light ground, with the same contrast on white.</summary>
    public static Theme Light { get; } =
        new(
            "light",
            Palette.Of(
                0x202328,
                0xB3261E,
                0x2B7A2B,
                0x8A5A00,
                0x1F5FBF,
                0x8E3AA8,
                0x0B7480,
                0x5A606B,
                0x6B717C,
                0xC62820,
                0x2F7F2F,
                0x936000,
                0x2A67CC,
                0x9A43B4,
                0x0F7E8C,
                0x000000
            )
        );

    /// <summary>No colour; what colours say is said by marks, bold and reverse as well.</summary>
    public static Theme None { get; } = new("none", Palette.None);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Theme> All { get; } = [User, Dark, Light, None];

    /// <summary>The one of a name; null for none.</summary>
    public static Theme? Find(string name) => All.FirstOrDefault(theme => theme.Name == name);
}
