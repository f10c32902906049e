namespace PeerChat.Tui.Model;

/// <summary>How the screen looks and calls: what the user chose of it.</summary>
internal sealed record ScreenLook
{
    /// <summary>As it is where nobody chose.</summary>
    public static ScreenLook Usual { get; } = new();

    /// <summary>The colours.</summary>
    public Theme Theme { get; init; } = Theme.User;

    /// <summary>Whether the mouse works in PeerChat; then the terminal selects only with Shift held.</summary>
    public bool HasMouse { get; init; }

    /// <summary>Of what the bell and the desktop tell.</summary>
    public NotifyAbout Notify { get; init; } = NotifyAbout.Highlight;
}
