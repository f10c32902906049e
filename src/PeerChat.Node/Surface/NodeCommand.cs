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
[JsonDerivedType(typeof(EditMessage), "edit-message")]
[JsonDerivedType(typeof(React), "react")]
[JsonDerivedType(typeof(RecallMessage), "recall-message")]
[JsonDerivedType(typeof(MarkRead), "mark-read")]
[JsonDerivedType(typeof(SetTyping), "set-typing")]
[JsonDerivedType(typeof(SetChatOption), "set-chat-option")]
[JsonDerivedType(typeof(GetChatOptions), "get-chat-options")]
[JsonDerivedType(typeof(SearchMessages), "search-messages")]
[JsonDerivedType(typeof(BlockPeer), "block-peer")]
[JsonDerivedType(typeof(UnblockPeer), "unblock-peer")]
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
    /// <param name="ReplyTo">The id of the message of the same chat that it answers; null for none.</param>
    public sealed record SendText(string Chat, string Text, string? Reference = null, string? ReplyTo = null)
        : NodeCommand;

    /// <summary>Gives one's own message another text; answered by <see cref="NodeReply.Changed"/>.</summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
    /// <param name="Message">
    /// The message's id, or its first 6 digits or more; or a number that counts from the newest message, which is 1. The same for all
    /// commands about one message.
    /// </param>
    /// <param name="Text">At most 64 KiB of UTF-8.</param>
    public sealed record EditMessage(string Chat, string Message, string Text) : NodeCommand;

    /// <summary>Reacts to a message; answered by <see cref="NodeReply.Changed"/>.</summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
    /// <param name="Message">The message's id.</param>
    /// <param name="Emoji">1 to 64 bytes of UTF-8 without spaces.</param>
    /// <param name="Remove">Takes the reaction back instead.</param>
    public sealed record React(string Chat, string Message, string Emoji, bool Remove = false) : NodeCommand;

    /// <summary>
    /// Takes one's own message back: its content is deleted here and at everybody who hears of it. A text that still waits for a key is gone
    /// without a trace, and answered by <see cref="NodeReply.Done"/>; others by <see cref="NodeReply.Changed"/>.
    /// </summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
    /// <param name="Message">The message's id.</param>
    public sealed record RecallMessage(string Chat, string Message) : NodeCommand;

    /// <summary>The user has read up to a message; the others learn of it where read receipts are on.</summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
    /// <param name="Message">The message's id.</param>
    public sealed record MarkRead(string Chat, string Message) : NodeCommand;

    /// <summary>The user is writing, or has stopped; the others see it for some seconds where typing notices are on.</summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
    /// <param name="IsTyping">Whether they are.</param>
    public sealed record SetTyping(string Chat, bool IsTyping) : NodeCommand;

    /// <summary>Decides something for a chat, or for all; answered by <see cref="NodeReply.Settings"/>.</summary>
    /// <param name="Option">What.</param>
    /// <param name="On">How; null for a chat to go by what holds for all.</param>
    /// <param name="Chat">The chat; null for all that say nothing of their own.</param>
    public sealed record SetChatOption(ChatOption Option, bool? On, string? Chat = null) : NodeCommand;

    /// <summary>Asks what holds for a chat; answered by <see cref="NodeReply.Settings"/>.</summary>
    /// <param name="Chat">The chat; null for all that say nothing of their own.</param>
    public sealed record GetChatOptions(string? Chat = null) : NodeCommand;

    /// <summary>Searches the texts of chats; answered by <see cref="NodeReply.SearchResult"/>.</summary>
    /// <param name="Text">The words, all of which have to be there; upper and lower case are one.</param>
    /// <param name="Chat">Only in this chat; null for all.</param>
    /// <param name="From">Only what this person wrote: a contact's name or a full id; null for everybody.</param>
    /// <param name="SinceUnixMilliseconds">Not older than this.</param>
    /// <param name="UntilUnixMilliseconds">Not newer than this.</param>
    /// <param name="Count">How many at most, 1 to 1,000.</param>
    public sealed record SearchMessages(
        string Text,
        string? Chat = null,
        string? From = null,
        long? SinceUnixMilliseconds = null,
        long? UntilUnixMilliseconds = null,
        int Count = 100
    ) : NodeCommand;

    /// <summary>
    /// Wants nothing more of somebody: connections are refused, their messages hidden and passed on to nobody. Answered by
    /// <see cref="NodeReply.Contacts"/> with that person.
    /// </summary>
    /// <param name="Peer">A contact's name or a full id.</param>
    /// <param name="Purge">Whether the content of what they wrote is deleted here as well.</param>
    public sealed record BlockPeer(string Peer, bool Purge = false) : NodeCommand;

    /// <summary>Takes a block back. Answered by <see cref="NodeReply.Contacts"/> with that person.</summary>
    /// <param name="Peer">A contact's name or a full id.</param>
    public sealed record UnblockPeer(string Peer) : NodeCommand;

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
