using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>What the node tells its faces. Each serialises as it stands.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Ready), "ready")]
[JsonDerivedType(typeof(ChatChanged), "chat-changed")]
[JsonDerivedType(typeof(ChatReplaced), "chat-replaced")]
[JsonDerivedType(typeof(ChatRemoved), "chat-removed")]
[JsonDerivedType(typeof(MessageShown), "message-shown")]
[JsonDerivedType(typeof(MessageReplaced), "message-replaced")]
[JsonDerivedType(typeof(MessageStateChanged), "message-state-changed")]
[JsonDerivedType(typeof(MessageChanged), "message-changed")]
[JsonDerivedType(typeof(FileChanged), "file-changed")]
[JsonDerivedType(typeof(TypingChanged), "typing-changed")]
[JsonDerivedType(typeof(MessageHidden), "message-hidden")]
[JsonDerivedType(typeof(HistoryChanged), "history-changed")]
[JsonDerivedType(typeof(HistoryLoaded), "history-loaded")]
[JsonDerivedType(typeof(RequestReceived), "request-received")]
[JsonDerivedType(typeof(RequestEnded), "request-ended")]
[JsonDerivedType(typeof(ChoiceNeeded), "choice-needed")]
[JsonDerivedType(typeof(OutboxQuestion), "outbox-question")]
[JsonDerivedType(typeof(AnnounceQuestion), "announce-question")]
[JsonDerivedType(typeof(BeyondQuestion), "beyond-question")]
[JsonDerivedType(typeof(ChoiceAnswered), "choice-answered")]
[JsonDerivedType(typeof(OutboxAnswered), "outbox-answered")]
[JsonDerivedType(typeof(AnnounceAnswered), "announce-answered")]
[JsonDerivedType(typeof(BeyondAnswered), "beyond-answered")]
[JsonDerivedType(typeof(Notice), "notice")]
[JsonDerivedType(typeof(JoinFailed), "join-failed")]
[JsonDerivedType(typeof(InStep), "in-step")]
[JsonDerivedType(typeof(HandedOver), "handed-over")]
[JsonDerivedType(typeof(OwnerChanged), "owner-changed")]
[JsonDerivedType(typeof(Stopped), "stopped")]
public abstract record NodeEvent
{
    private protected NodeEvent() { }

    /// <summary>The node runs. Comes first.</summary>
    /// <param name="Name">One's own name.</param>
    /// <param name="PeerId">One's own full id.</param>
    /// <param name="ShortId">Its short form, for display only.</param>
    /// <param name="Interfaces">The interfaces in use.</param>
    /// <param name="Port">The UDP port that offers may be sent to.</param>
    public sealed record Ready(string Name, string PeerId, string ShortId, string[] Interfaces, int Port)
        : NodeEvent;

    /// <summary>A chat is new or changed.</summary>
    /// <param name="Chat">The chat as it is now.</param>
    public sealed record ChatChanged(ChatSummary Chat) : NodeEvent;

    /// <summary>A chat with a name not met before became the chat with a key; faces move what they show.</summary>
    /// <param name="OldChat">What it was called.</param>
    /// <param name="Chat">The chat as it is now.</param>
    public sealed record ChatReplaced(string OldChat, ChatSummary Chat) : NodeEvent;

    /// <summary>A chat is gone from the list, because its contact is none any more; its history is kept and comes back with the contact.</summary>
    /// <param name="Chat">What it was called.</param>
    public sealed record ChatRemoved(string Chat) : NodeEvent;

    /// <summary>A message came in, or one's own was accepted.</summary>
    /// <param name="Message">The message.</param>
    /// <param name="Reference">The reference of the command that made it, if one did.</param>
    public sealed record MessageShown(ChatMessage Message, string? Reference = null) : NodeEvent;

    /// <summary>A text that waited in the outbox became an entry, with another id.</summary>
    /// <param name="OldId">The id that it had, <c>outbox-N</c>.</param>
    /// <param name="Message">The message as it is now.</param>
    public sealed record MessageReplaced(string OldId, ChatMessage Message) : NodeEvent;

    /// <summary>One's own message moved on.</summary>
    /// <param name="Chat">The chat.</param>
    /// <param name="Message">The message's id.</param>
    /// <param name="State">Where it stands now.</param>
    /// <param name="DeliveredTo">On how many other people's devices it is.</param>
    public sealed record MessageStateChanged(
        string Chat,
        string Message,
        DeliveryState State,
        int DeliveredTo
    ) : NodeEvent;

    /// <summary>A message looks different: edited, reacted to, recalled, or its content has come.</summary>
    /// <param name="Message">The message as it is now.</param>
    public sealed record MessageChanged(ChatMessage Message) : NodeEvent;

    /// <summary>A file moved on; of what is under way some four times a second.</summary>
    /// <param name="File">The file as it is now.</param>
    /// <param name="OldFile">What it was called before it was announced, <c>file-N</c>; only in the event that announces it.</param>
    public sealed record FileChanged(FileSummary File, string? OldFile = null) : NodeEvent;

    /// <summary>Somebody is writing, or has stopped. Told again by nobody: it is off after some seconds of silence.</summary>
    /// <param name="Chat">The chat.</param>
    /// <param name="Name">Who.</param>
    /// <param name="PeerId">Their full id.</param>
    /// <param name="IsTyping">Whether they are writing.</param>
    public sealed record TypingChanged(string Chat, string Name, string PeerId, bool IsTyping) : NodeEvent;

    /// <summary>A message no longer counts.</summary>
    /// <param name="Chat">The chat.</param>
    /// <param name="Message">The message's id.</param>
    public sealed record MessageHidden(string Chat, string Message) : NodeEvent;

    /// <summary>More of the history can be read than before; load it again.</summary>
    /// <param name="Chat">The chat.</param>
    public sealed record HistoryChanged(string Chat) : NodeEvent;

    /// <summary>
    /// The answer to a posted <see cref="NodeCommand.LoadHistory"/>, oldest first; only the face that asked gets it. Over the control
    /// socket it is a <see cref="NodeReply.History"/>.
    /// </summary>
    /// <param name="Chat">The chat.</param>
    /// <param name="Messages">The page.</param>
    /// <param name="HasOlder">Whether there is more before it.</param>
    public sealed record HistoryLoaded(string Chat, ChatMessage[] Messages, bool HasOlder) : NodeEvent;

    /// <summary>Somebody not known yet asks to chat. Nothing else of theirs is shown before it is accepted.</summary>
    /// <param name="Request">Its name in commands.</param>
    /// <param name="Name">The name they chose; a label, not a proof.</param>
    /// <param name="PeerId">Their full id.</param>
    /// <param name="ShortId">Its short form, for display only.</param>
    /// <param name="LooksLike">Whose name theirs looks like, a contact's or one's own, though they are somebody else; null where it is like nobody's.</param>
    public sealed record RequestReceived(
        string Request,
        string Name,
        string PeerId,
        string ShortId,
        string? LooksLike = null
    ) : NodeEvent;

    /// <summary>A request was answered or its sender went away.</summary>
    /// <param name="Request">Its name.</param>
    /// <param name="Accepted">Whether they are a contact now.</param>
    public sealed record RequestEnded(string Request, bool Accepted) : NodeEvent;

    /// <summary>Several keys claim the name one wants to join; <see cref="NodeCommand.ChoosePeer"/> answers.</summary>
    /// <param name="Target">The name.</param>
    /// <param name="Claims">Who claims it.</param>
    public sealed record ChoiceNeeded(string Target, PeerClaim[] Claims) : NodeEvent;

    /// <summary>Text waits for a name whose key was just met; <see cref="NodeCommand.ReleaseOutbox"/> answers.</summary>
    /// <param name="Chat">The chat the text waits in.</param>
    /// <param name="Name">The name it waits for.</param>
    /// <param name="ShortId">The short form of the key that was met, for display only.</param>
    /// <param name="Messages">How many texts wait.</param>
    public sealed record OutboxQuestion(string Chat, string Name, string ShortId, int Messages) : NodeEvent;

    /// <summary>The first run asks whether the name may be announced; <see cref="NodeCommand.SetAnnounceName"/> answers.</summary>
    /// <param name="Name">The name.</param>
    public sealed record AnnounceQuestion(string Name) : NodeEvent;

    /// <summary>
    /// A name that was never met, or an open room, is not on the local network. Beyond it anyone may claim the name, and whoever does sees
    /// this machine's address: <see cref="NodeCommand.LookBeyond"/> answers whether to look there all the same.
    /// </summary>
    /// <param name="Chat">The chat that is looked for.</param>
    /// <param name="Name">The name.</param>
    /// <param name="Services">The PeerServers and trackers that would be asked.</param>
    public sealed record BeyondQuestion(string Chat, string Name, string[] Services) : NodeEvent;

    /// <summary>A <see cref="ChoiceNeeded"/> is open no more: somebody chose, or the name is looked for anew.</summary>
    /// <param name="Target">The name.</param>
    /// <param name="PeerId">The full id that was chosen; null where it is asked anew if it is still open.</param>
    public sealed record ChoiceAnswered(string Target, string? PeerId) : NodeEvent;

    /// <summary>An <see cref="OutboxQuestion"/> is open no more: somebody answered it.</summary>
    /// <param name="Chat">The chat the text waited in.</param>
    /// <param name="Release">Whether it goes out; otherwise it was thrown away.</param>
    public sealed record OutboxAnswered(string Chat, bool Release) : NodeEvent;

    /// <summary>Somebody said whether the name may be announced; an <see cref="AnnounceQuestion"/> is open no more.</summary>
    /// <param name="Announce">Whether it may.</param>
    public sealed record AnnounceAnswered(bool Announce) : NodeEvent;

    /// <summary>A <see cref="BeyondQuestion"/> is open no more: somebody answered it, or the name was found on the local network after all.</summary>
    /// <param name="Chat">The chat that is looked for.</param>
    /// <param name="Look">Whether it is looked for beyond the local network from now on.</param>
    public sealed record BeyondAnswered(string Chat, bool Look) : NodeEvent;

    /// <summary>A sentence for the user about a chat, or about the node where the chat is null.</summary>
    /// <param name="Chat">The chat; null for the node.</param>
    /// <param name="Code">What it is about.</param>
    /// <param name="Text">The sentence.</param>
    public sealed record Notice(string? Chat, NoticeCode Code, string Text) : NodeEvent;

    /// <summary>A join cannot succeed, or has not for so long that a script should give up; the screen goes on trying.</summary>
    /// <param name="Target">What was to be joined.</param>
    /// <param name="Failure">Why.</param>
    /// <param name="Text">The sentence for the user.</param>
    /// <param name="Claims">Who claims the name, where several do.</param>
    public sealed record JoinFailed(string Target, JoinFailure Failure, string Text, PeerClaim[] Claims)
        : NodeEvent;

    /// <summary>The face knows the node as it is now; what follows is new.</summary>
    /// <param name="Resumed">Whether nothing was missed since the face last listened; otherwise it has just been told all chats and open
    /// questions, and loads again what it shows of histories.</param>
    public sealed record InStep(bool Resumed) : NodeEvent;

    /// <summary>The owner gives the profile to another process that asked for it; faces attach there.</summary>
    /// <param name="ProcessId">The process that takes it over.</param>
    public sealed record HandedOver(int ProcessId) : NodeEvent;

    /// <summary>Which process runs the node; each face is told by itself, first and whenever it changes.</summary>
    /// <param name="IsThisProcess">Whether it is the face's own, so that presence ends with it.</param>
    /// <param name="ProcessId">The process; 0 while there is none and the face looks for one or becomes it.</param>
    public sealed record OwnerChanged(bool IsThisProcess, int ProcessId) : NodeEvent;

    /// <summary>The node has ended. Comes last.</summary>
    /// <param name="Failure">The sentence for the user when it did not end by command.</param>
    /// <param name="Storage">Whether storage was the reason.</param>
    public sealed record Stopped(string? Failure, bool Storage = false) : NodeEvent;
}
