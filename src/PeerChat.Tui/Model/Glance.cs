namespace PeerChat.Tui.Model;

/// <summary>A chat that the user has just come by: it stays unread where they go on at once.</summary>
/// <param name="Unread">Messages that are unread there.</param>
/// <param name="Highlights">Those of them that name the user.</param>
internal sealed record Glance(int Unread, int Highlights)
{
    /// <summary>Who stays longer reads; who steps through chats is gone before.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(1.5);
}
