namespace PeerChat.Benchmarks.Screens;

/// <summary>The other side of a chat on the screen: says lines, and counts what it hears.</summary>
internal interface IScreenFeed : IAsyncDisposable
{
    /// <summary>Types into the program what brings it into the chat, and waits until it is there; false when it does not come.</summary>
    Task<bool> MeetAsync(ScreenSession session);

    /// <summary>Says a line, from somebody else.</summary>
    void Say(string text);

    /// <summary>How many messages of the program have come so far.</summary>
    Task<int> HeardAsync();
}
