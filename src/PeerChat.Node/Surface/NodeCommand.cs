using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>What a face (screen, script, another process) may ask of the node. Each serialises as it stands.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(JoinPeer), "join-peer")]
[JsonDerivedType(typeof(JoinRoom), "join-room")]
[JsonDerivedType(typeof(SendText), "send-text")]
[JsonDerivedType(typeof(AnswerRequest), "answer-request")]
[JsonDerivedType(typeof(ChoosePeer), "choose-peer")]
[JsonDerivedType(typeof(ReleaseOutbox), "release-outbox")]
[JsonDerivedType(typeof(LoadHistory), "load-history")]
[JsonDerivedType(typeof(SaveDraft), "save-draft")]
[JsonDerivedType(typeof(RememberInput), "remember-input")]
[JsonDerivedType(typeof(SetAnnounceName), "set-announce-name")]
[JsonDerivedType(typeof(UndoAnswer), "undo-answer")]
[JsonDerivedType(typeof(ListChats), "list-chats")]
[JsonDerivedType(typeof(ListContacts), "list-contacts")]
[JsonDerivedType(typeof(ListRequests), "list-requests")]
[JsonDerivedType(typeof(FindMessage), "find-message")]
[JsonDerivedType(typeof(GetStatus), "get-status")]
[JsonDerivedType(typeof(StopNode), "stop")]
public abstract record NodeCommand
{
    /// <summary>The longest text of a message, in bytes of UTF-8: 64 KiB.</summary>
    public const int MaxTextBytes = Rooms.Room.MaxTextBytes;

    private protected NodeCommand() { }

    /// <summary>Opens the chat with a person and goes on looking for them until they are met.</summary>
    /// <param name="Target">A name, or a full id as <c>peerchat id</c> prints it.</param>
    /// <param name="Address">HOST or HOST:PORT to dial directly, or null to look on the local network.</param>
    public sealed record JoinPeer(string Target, string? Address = null) : NodeCommand;

    /// <summary>Opens an open room and goes on looking for its members.</summary>
    /// <param name="Room">The room's name, with or without its #.</param>
    /// <param name="Address">HOST or HOST:PORT to dial directly, or null to look on the local network.</param>
    public sealed record JoinRoom(string Room, string? Address = null) : NodeCommand;

    /// <summary>Sends a text; it is queued when nobody is there.</summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
    /// <param name="Text">At most 64 KiB of UTF-8.</param>
    /// <param name="Reference">
    /// Chosen by the caller, 1 to 128 characters; comes back in <see cref="NodeEvent.MessageShown"/>. A second command with the same
    /// reference sends nothing and is answered with the first one's message, also after a restart: whoever got no answer may ask again.
    /// </param>
    public sealed record SendText(string Chat, string Text, string? Reference = null) : NodeCommand;

    /// <summary>Accepts or declines a first-contact request.</summary>
    /// <param name="Request">The request's name, or the full id of who asks.</param>
    /// <param name="Accept">Whether they become a contact.</param>
    public sealed record AnswerRequest(string Request, bool Accept) : NodeCommand;

    /// <summary>Takes an answer back: who was declined may ask again, who was accepted is no contact any more.</summary>
    /// <param name="Request">The request's name, or the full id of who asked.</param>
    public sealed record UndoAnswer(string Request) : NodeCommand;

    /// <summary>Asks for all chats; answered by <see cref="NodeReply.Chats"/>.</summary>
    public sealed record ListChats : NodeCommand;

    /// <summary>Asks for all contacts; answered by <see cref="NodeReply.Contacts"/>.</summary>
    public sealed record ListContacts : NodeCommand;

    /// <summary>Asks for first-contact requests, waiting and answered; answered by <see cref="NodeReply.Requests"/>.</summary>
    public sealed record ListRequests : NodeCommand;

    /// <summary>Asks for one message; answered by <see cref="NodeReply.Found"/>.</summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
    /// <param name="Message">The message's id; for one's own also the reference under which it was sent.</param>
    public sealed record FindMessage(string Chat, string Message) : NodeCommand;

    /// <summary>Asks how the node is; answered by <see cref="NodeReply.Status"/>.</summary>
    public sealed record GetStatus : NodeCommand;

    /// <summary>Says which of several claimants of a name is meant.</summary>
    /// <param name="Target">The name, as <see cref="NodeEvent.ChoiceNeeded"/> gave it.</param>
    /// <param name="PeerId">The full id of the one meant.</param>
    public sealed record ChoosePeer(string Target, string PeerId) : NodeCommand;

    /// <summary>Answers whether text that waited for a name goes to the key that was just met.</summary>
    /// <param name="Chat">The chat, as <see cref="NodeEvent.OutboxQuestion"/> gave it.</param>
    /// <param name="Release">Whether the text goes out; otherwise it goes on waiting.</param>
    public sealed record ReleaseOutbox(string Chat, bool Release) : NodeCommand;

    /// <summary>Asks for older messages; answered by <see cref="NodeReply.History"/>.</summary>
    /// <param name="Chat">The chat.</param>
    /// <param name="Count">How many at most, 1 to 10,000.</param>
    /// <param name="BeforeMessage">The oldest message already known, or null for the newest page.</param>
    public sealed record LoadHistory(string Chat, int Count, string? BeforeMessage = null) : NodeCommand;

    /// <summary>Keeps what stands in the input line of a chat, encrypted.</summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
    /// <param name="Text">What stands there; empty for nothing.</param>
    public sealed record SaveDraft(string Chat, string Text) : NodeCommand;

    /// <summary>Adds a line to the chat's input history, encrypted.</summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
    /// <param name="Text">The line.</param>
    public sealed record RememberInput(string Chat, string Text) : NodeCommand;

    /// <summary>Answers the first run's question whether the name may be announced on the network.</summary>
    /// <param name="Announce">Whether others on the network may see it.</param>
    public sealed record SetAnnounceName(bool Announce) : NodeCommand;

    /// <summary>Leaves all chats, says goodbye on the network and ends the node.</summary>
    public sealed record StopNode : NodeCommand;
}
