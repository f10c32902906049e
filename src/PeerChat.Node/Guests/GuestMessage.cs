using System.Text;

namespace PeerChat.Node.Guests;

/// <summary>What a message of a PeerJS page comes to.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text, where it is one.</param>
internal readonly record struct GuestMessage(GuestMessageKind Kind, string Text)
{
    /// <summary>Nothing to show, or not yet.</summary>
    public static GuestMessage Nothing => new(GuestMessageKind.Nothing, "");

    /// <summary>The page wants to close.</summary>
    public static GuestMessage Close => new(GuestMessageKind.Close, "");

    /// <summary>Not of its serialisation.</summary>
    public static GuestMessage Malformed => new(GuestMessageKind.Malformed, "");

    /// <summary>More than a chat line may have.</summary>
    public static GuestMessage TooLong => new(GuestMessageKind.TooLong, "");

    /// <summary>A text, where it is not empty and not too long.</summary>
    public static GuestMessage OfText(string text) =>
        text.Length == 0 ? Nothing
        : Encoding.UTF8.GetByteCount(text) > GuestCodec.MaxTextBytes ? TooLong
        : new GuestMessage(GuestMessageKind.Text, text);
}
