using PeerChat.Node;

namespace PeerChat.Tui.Model;

/// <summary>A question to the user that waits for an answer.</summary>
internal abstract record Asked
{
    private Asked() { }

    /// <summary>
    /// Whether a plain letter answers it. Not while the user was typing when it appeared: the next letter of a word must not
    /// let a stranger in.
    /// </summary>
    public bool IsArmed { get; init; }

    /// <summary>Whether the user put it off; it waits for a command.</summary>
    public bool IsPutOff { get; init; }

    /// <summary>Somebody unknown asks to chat.</summary>
    public sealed record Request(NodeEvent.RequestReceived Received) : Asked;

    /// <summary>May waiting text go to a key that was just met?</summary>
    public sealed record Outbox(NodeEvent.OutboxQuestion Question) : Asked;

    /// <summary>May the name be announced?</summary>
    public sealed record Announce(NodeEvent.AnnounceQuestion Question) : Asked;

    /// <summary>Which of several keys is meant?</summary>
    public sealed record Choice(NodeEvent.ChoiceNeeded Needed) : Asked;

    /// <summary>Is so much text meant to be pasted? Holds everything else up until it is answered.</summary>
    public sealed record Paste(string Text) : Asked;
}
