namespace PeerChat.Rendezvous.Services;

/// <summary>Texts of servers, cut to what a sentence bears; they are not believed, only shown.</summary>
public static class ServiceText
{
    private const int MaxLength = 120;

    /// <summary>A text without control characters.</summary>
    public static string Clean(string? text) =>
        new([.. (text ?? "").Where(character => !char.IsControl(character)).Take(MaxLength)]);
}
