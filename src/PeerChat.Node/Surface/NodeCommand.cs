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
[JsonDerivedType(typeof(LookBeyond), "look-beyond")]
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
[JsonDerivedType(typeof(SetAutoFetch), "set-auto-fetch")]
[JsonDerivedType(typeof(GetChatOptions), "get-chat-options")]
[JsonDerivedType(typeof(GetRetention), "get-retention")]
[JsonDerivedType(typeof(SetRetention), "set-retention")]
[JsonDerivedType(typeof(ImportFrames), "import-frames")]
[JsonDerivedType(typeof(ExportMessages), "export-messages")]
[JsonDerivedType(typeof(ImportMessages), "import-messages")]
[JsonDerivedType(typeof(SearchMessages), "search-messages")]
[JsonDerivedType(typeof(BlockPeer), "block-peer")]
[JsonDerivedType(typeof(UnblockPeer), "unblock-peer")]
[JsonDerivedType(typeof(VerifyPeer), "verify-peer")]
[JsonDerivedType(typeof(CreateRoom), "create-room")]
[JsonDerivedType(typeof(Invite), "invite")]
[JsonDerivedType(typeof(ListInvitations), "list-invitations")]
[JsonDerivedType(typeof(RevokeInvitation), "revoke-invitation")]
[JsonDerivedType(typeof(JoinLink), "join-link")]
[JsonDerivedType(typeof(MakeOffer), "make-offer")]
[JsonDerivedType(typeof(TakeCode), "take-code")]
[JsonDerivedType(typeof(Diagnose), "diagnose")]
[JsonDerivedType(typeof(ListMembers), "list-members")]
[JsonDerivedType(typeof(RemoveMember), "remove-member")]
[JsonDerivedType(typeof(PromoteMember), "promote-member")]
[JsonDerivedType(typeof(DemoteMember), "demote-member")]
[JsonDerivedType(typeof(LeaveRoom), "leave-room")]
[JsonDerivedType(typeof(SetTopic), "set-topic")]
[JsonDerivedType(typeof(SetPolicy), "set-policy")]
[JsonDerivedType(typeof(ContinueRoom), "continue-room")]
[JsonDerivedType(typeof(SendFile), "send-file")]
[JsonDerivedType(typeof(GetFile), "get-file")]
[JsonDerivedType(typeof(CancelFile), "cancel-file")]
[JsonDerivedType(typeof(ListFiles), "list-files")]
[JsonDerivedType(typeof(ReadFile), "read-file")]
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
    /// commands about one message; where it has to be one's own, the number counts those alone.
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

    /// <summary>
    /// The user has read up to a message; the others learn of it where read receipts are on. Or wants it and what came after it to be unread
    /// again, which nobody else learns.
    /// </summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
    /// <param name="Message">The message's id.</param>
    /// <param name="Unread">Whether it is to be unread.</param>
    public sealed record MarkRead(string Chat, string Message, bool Unread = false) : NodeCommand;

    /// <summary>The user is writing, or has stopped; the others see it for some seconds where typing notices are on.</summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
    /// <param name="IsTyping">Whether they are.</param>
    public sealed record SetTyping(string Chat, bool IsTyping) : NodeCommand;

    /// <summary>Decides something for a chat, or for all; answered by <see cref="NodeReply.Settings"/>.</summary>
    /// <param name="Option">What.</param>
    /// <param name="On">How; null for a chat to go by what holds for all.</param>
    /// <param name="Chat">The chat; null for all that say nothing of their own.</param>
    public sealed record SetChatOption(ChatOption Option, bool? On, string? Chat = null) : NodeCommand;

    /// <summary>Decides which files of a chat, or of all, come without being asked for; answered by <see cref="NodeReply.Settings"/>.</summary>
    /// <param name="What">Which; null for a chat to go by what holds for all, and for all to go by what the node was started with.</param>
    /// <param name="Chat">The chat; null for all that say nothing of their own.</param>
    public sealed record SetAutoFetch(AutoFetch? What, string? Chat = null) : NodeCommand;

    /// <summary>Asks what holds for a chat; answered by <see cref="NodeReply.Settings"/>.</summary>
    /// <param name="Chat">The chat; null for all that say nothing of their own.</param>
    public sealed record GetChatOptions(string? Chat = null) : NodeCommand;

    /// <summary>Asks how long the content of a chat is kept here; answered by <see cref="NodeReply.Retention"/>.</summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
    public sealed record GetRetention(string Chat) : NodeCommand;

    /// <summary>
    /// Keeps the content of a chat for a time only, on this machine alone, and deletes what is older; answered by
    /// <see cref="NodeReply.Retention"/>. Where something would be deleted, nothing is done until it is confirmed.
    /// </summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
    /// <param name="KeepSeconds">For how long, from 10 seconds to 36,500 days; null for as long as there is room.</param>
    /// <param name="Confirmed">Whether the user knows what it deletes.</param>
    public sealed record SetRetention(string Chat, long? KeepSeconds, bool Confirmed = false) : NodeCommand;

    /// <summary>
    /// Takes in what another member exported into a bundle, checked as if it had come over a connection; answered by
    /// <see cref="NodeReply.FramesTaken"/>.
    /// </summary>
    /// <param name="Room">The room's id, 64 hexadecimal digits.</param>
    /// <param name="From">The full id of who exported it.</param>
    /// <param name="Frames">The frames in base64, in order.</param>
    public sealed record ImportFrames(string Room, string From, string[] Frames) : NodeCommand;

    /// <summary>
    /// Reads all messages of a chat, oldest first, page by page; answered by <see cref="NodeReply.ExportPage"/>.
    /// </summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it; also the title of a room, or <c>@</c> and the name of a contact.</param>
    /// <param name="After">Where the page before ended, as its answer said; null for the first page.</param>
    public sealed record ExportMessages(string Chat, string? After = null) : NodeCommand;

    /// <summary>
    /// Keeps messages of an export beside those of a chat, marked as imported; what is here already is left out. Answered by
    /// <see cref="NodeReply.MessagesImported"/>.
    /// </summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it; also the title of a room, or <c>@</c> and the name of a contact.</param>
    /// <param name="Messages">At most 1,000 of them.</param>
    public sealed record ImportMessages(string Chat, ImportedMessage[] Messages) : NodeCommand;

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

    /// <summary>
    /// Asks for the safety number of oneself and a contact, or compares it with what the contact sees; where it is the same the contact is
    /// verified from then on. Answered by <see cref="NodeReply.Safety"/>; another number is refused, and changes nothing.
    /// </summary>
    /// <param name="Peer">A contact's name, a full id, or the name of a direct chat.</param>
    /// <param name="Number">The number as the contact sees it, sixty digits; null to ask for it.</param>
    /// <param name="Undo">Whether an earlier comparison counts no more.</param>
    public sealed record VerifyPeer(string Peer, string? Number = null, bool Undo = false) : NodeCommand;

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

    /// <summary>Makes a private room, and becomes its first admin; answered by <see cref="NodeReply.Opened"/>.</summary>
    /// <param name="Title">What it is called, at most 512 bytes of UTF-8.</param>
    /// <param name="History">
    /// What newcomers may read: <c>none</c>, <c>all</c>, <c>last N</c> (1 to 1,000 messages), <c>since YYYY-MM-DD</c>; null for none.
    /// </param>
    public sealed record CreateRoom(string Title, string? History = null) : NodeCommand;

    /// <summary>Makes an invitation to a private room, or a contact link; answered by <see cref="NodeReply.Invited"/>.</summary>
    /// <param name="Chat">The room, by its chat or its title; null for a contact link, which makes contacts of both sides.</param>
    /// <param name="ExpiresSeconds">After how long it ends; null for a week, 0 for never.</param>
    /// <param name="Uses">How many people it admits, 1 to 1,000.</param>
    /// <param name="Role">What whom it admits may do in the room; inviters make no admins.</param>
    public sealed record Invite(
        string? Chat = null,
        int? ExpiresSeconds = null,
        int Uses = 1,
        RoomRole Role = RoomRole.Member
    ) : NodeCommand;

    /// <summary>Asks for the invitations that were given out; answered by <see cref="NodeReply.Invitations"/>.</summary>
    /// <param name="Chat">The room, by its chat or its title; null for contact links.</param>
    public sealed record ListInvitations(string? Chat = null) : NodeCommand;

    /// <summary>Ends an invitation: whoever has the link is not let in any more.</summary>
    /// <param name="Number">Its number.</param>
    public sealed record RevokeInvitation(long Number) : NodeCommand;

    /// <summary>
    /// Asks for admission to a private room, or becomes a contact by a contact link, and goes on looking for the inviter until they are
    /// met.
    /// </summary>
    /// <param name="Link">The invitation or contact link.</param>
    /// <param name="Address">HOST or HOST:PORT to dial directly, or null to look on the local network.</param>
    public sealed record JoinLink(string Link, string? Address = null) : NodeCommand;

    /// <summary>
    /// Makes an offer that somebody carries by hand, so that two meet with no service at all; answered by <see cref="NodeReply.PastedCode"/>.
    /// </summary>
    public sealed record MakeOffer : NodeCommand;

    /// <summary>
    /// Takes a code that was pasted: an offer is answered by <see cref="NodeReply.PastedCode"/>, an answer to an offer of one's own by
    /// <see cref="NodeReply.Done"/>. Both sides become contacts once they are connected.
    /// </summary>
    /// <param name="Code">The code.</param>
    public sealed record TakeCode(string Code) : NodeCommand;

    /// <summary>Asks what works and what stands in the way; answered by <see cref="NodeReply.Diagnosis"/>.</summary>
    /// <param name="Chat">The chat, by its key, a contact's name or a title; null for the network as a whole.</param>
    public sealed record Diagnose(string? Chat = null) : NodeCommand;

    /// <summary>Asks for the members of a private room and their roles; answered by <see cref="NodeReply.Members"/>.</summary>
    /// <param name="Chat">The room, by its chat or its title.</param>
    public sealed record ListMembers(string Chat) : NodeCommand;

    /// <summary>Removes a member from a private room: what is written from now on it cannot read.</summary>
    /// <param name="Chat">The room, by its chat or its title.</param>
    /// <param name="Member">Its name or full id.</param>
    public sealed record RemoveMember(string Chat, string Member) : NodeCommand;

    /// <summary>Makes a member an admin.</summary>
    /// <param name="Chat">The room, by its chat or its title.</param>
    /// <param name="Member">Its name or full id.</param>
    public sealed record PromoteMember(string Chat, string Member) : NodeCommand;

    /// <summary>Takes a member's role away, for good.</summary>
    /// <param name="Chat">The room, by its chat or its title.</param>
    /// <param name="Member">Its name or full id.</param>
    public sealed record DemoteMember(string Chat, string Member) : NodeCommand;

    /// <summary>Leaves a private room for good; coming back needs an invitation. What was written stays.</summary>
    /// <param name="Chat">The room, by its chat or its title.</param>
    public sealed record LeaveRoom(string Chat) : NodeCommand;

    /// <summary>Sets what a private room is about.</summary>
    /// <param name="Chat">The room, by its chat or its title.</param>
    /// <param name="Topic">The topic, at most 512 bytes of UTF-8; empty for none.</param>
    public sealed record SetTopic(string Chat, string Topic) : NodeCommand;

    /// <summary>Sets what newcomers of a private room may read.</summary>
    /// <param name="Chat">The room, by its chat or its title.</param>
    /// <param name="History">As of <see cref="CreateRoom"/>.</param>
    public sealed record SetPolicy(string Chat, string History) : NodeCommand;

    /// <summary>
    /// Makes a new private room in place of one that has lost all its admins, and writes an invitation for all its members into the
    /// old one; answered by <see cref="NodeReply.Opened"/>.
    /// </summary>
    /// <param name="Chat">The old room, by its chat or its title.</param>
    public sealed record ContinueRoom(string Chat) : NodeCommand;

    /// <summary>
    /// Reads a file or folder, keeps its blocks sealed and announces it to the chat when it is whole; answered by
    /// <see cref="NodeReply.FileStarted"/>, followed by <see cref="NodeEvent.FileChanged"/>.
    /// </summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it.</param>
    /// <param name="Path">Where it lies, as a whole path on the node's machine.</param>
    /// <param name="Reference">As of <see cref="SendText"/>: a second command with the same reference announces nothing.</param>
    /// <param name="WithHidden">Whether hidden entries of a folder are sent too.</param>
    /// <param name="KeepMetadata">Whether pictures keep what cameras write about place, time and device.</param>
    /// <param name="Name">What to call it; null for its own name.</param>
    /// <param name="DeleteSource">Whether what lies there is deleted once it was read: for what was kept there for this alone.</param>
    public sealed record SendFile(
        string Chat,
        string Path,
        string? Reference = null,
        bool WithHidden = false,
        bool KeepMetadata = false,
        string? Name = null,
        bool DeleteSource = false
    ) : NodeCommand;

    /// <summary>
    /// Fetches a file from whoever has it, now and whenever somebody who does is met, and puts it into a folder; answered by
    /// <see cref="NodeReply.FileStarted"/>, followed by <see cref="NodeEvent.FileChanged"/>.
    /// </summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it; empty for whichever has the file.</param>
    /// <param name="File">
    /// The id of the message that announces it, or its first 6 digits or more; or a number that counts from the newest file of the chat,
    /// which is 1. The same for all commands about one file.
    /// </param>
    /// <param name="Folder">Where to put it, as a whole path; null for the user's downloads.</param>
    /// <param name="Name">The name to give it; null for the one it was announced with, made harmless.</param>
    public sealed record GetFile(string Chat, string File, string? Folder = null, string? Name = null)
        : NodeCommand;

    /// <summary>Gives up what is being prepared, fetched or put in place; what came so far is deleted. Answered by <see cref="NodeReply.FileStarted"/>.</summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it; empty for whichever has the file.</param>
    /// <param name="File">The file.</param>
    public sealed record CancelFile(string Chat, string File) : NodeCommand;

    /// <summary>Asks for files; answered by <see cref="NodeReply.Files"/>.</summary>
    /// <param name="Chat">Only those of this chat; null for all.</param>
    public sealed record ListFiles(string? Chat = null) : NodeCommand;

    /// <summary>Reads bytes of a file whose blocks are here; answered by <see cref="NodeReply.FileBytes"/>.</summary>
    /// <param name="Chat">The chat, as <see cref="ChatSummary.Chat"/> names it; empty for whichever has the file.</param>
    /// <param name="File">The file.</param>
    /// <param name="Offset">Where to begin.</param>
    /// <param name="Count">How many bytes at most, 1 to 262,144.</param>
    public sealed record ReadFile(string Chat, string File, long Offset, int Count) : NodeCommand;

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

    /// <summary>Says whether a name that was never met, or an open room, is looked for beyond the local network, where anyone may claim it.</summary>
    /// <param name="Chat">The chat, as <see cref="NodeEvent.BeyondQuestion"/> gave it.</param>
    /// <param name="Look">Whether to look there, until the node ends.</param>
    public sealed record LookBeyond(string Chat, bool Look) : NodeCommand;

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
