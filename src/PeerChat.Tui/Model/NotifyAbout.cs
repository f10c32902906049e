namespace PeerChat.Tui.Model;

/// <summary>Of what the bell and the desktop tell.</summary>
internal enum NotifyAbout
{
    /// <summary>Of nothing.</summary>
    Off,

    /// <summary>Of direct messages and of those that name the user.</summary>
    Highlight,

    /// <summary>Of every message.</summary>
    All,
}
