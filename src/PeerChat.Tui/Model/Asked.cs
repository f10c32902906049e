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

    /// <summary>
    /// Whether it was asked by a node that is gone: it is dropped when the one that runs now has told all its questions and this
    /// was not among them.
    /// </summary>
    public bool IsStale { get; init; }

    /// <summary>Whether it holds everything else up until it is answered: the user has just asked for what it is about.</summary>
    public bool IsModal => this is Paste or Recall;

    /// <summary>Whether this is the same question, asked again.</summary>
    public bool IsSame(Asked other) =>
        (this, other) switch
        {
            (Request one, Request two) => one.Received.PeerId == two.Received.PeerId,
            (Outbox one, Outbox two) => one.Question.Chat == two.Question.Chat,
            (Announce, Announce) => true,
            (Beyond one, Beyond two) => one.Question.Chat == two.Question.Chat,
            (Choice one, Choice two) => one.Needed.Target == two.Needed.Target,
            _ => false,
        };

    /// <summary>Somebody unknown asks to chat.</summary>
    public sealed record Request(NodeEvent.RequestReceived Received) : Asked;

    /// <summary>May waiting text go to a key that was just met?</summary>
    public sealed record Outbox(NodeEvent.OutboxQuestion Question) : Asked;

    /// <summary>May the name be announced?</summary>
    public sealed record Announce(NodeEvent.AnnounceQuestion Question) : Asked;

    /// <summary>May a name be looked for where anyone may claim it?</summary>
    public sealed record Beyond(NodeEvent.BeyondQuestion Question) : Asked;

    /// <summary>Which of several keys is meant?</summary>
    public sealed record Choice(NodeEvent.ChoiceNeeded Needed) : Asked;

    /// <summary>Shall one's own message be taken back? Holds everything else up until it is answered.</summary>
    public sealed record Recall(ChatMessage Message) : Asked;

    /// <summary>Is so much text meant to be pasted? Holds everything else up until it is answered.</summary>
    public sealed record Paste(string Text) : Asked;
}
