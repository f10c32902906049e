namespace PeerChat.Rooms.Identity;

/// <summary>Text without the difference of upper and lower case, normalised to Form C, as <see cref="FoldedName"/> has it.</summary>
public static class CaseFold
{
    /// <summary>The folded text.</summary>
    public static string Of(string text) => new FoldedName(text).ToString();
}
