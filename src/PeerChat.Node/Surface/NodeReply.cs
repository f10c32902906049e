using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>What the node answers to a command. Each serialises as it stands.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Done), "done")]
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(Opened), "opened")]
[JsonDerivedType(typeof(Accepted), "accepted")]
[JsonDerivedType(typeof(History), "history")]
[JsonDerivedType(typeof(Chats), "chats")]
[JsonDerivedType(typeof(Contacts), "contacts")]
[JsonDerivedType(typeof(Requests), "requests")]
[JsonDerivedType(typeof(Safety), "safety")]
[JsonDerivedType(typeof(Found), "found")]
[JsonDerivedType(typeof(Changed), "changed")]
[JsonDerivedType(typeof(Settings), "settings")]
[JsonDerivedType(typeof(Retention), "retention")]
[JsonDerivedType(typeof(FramesTaken), "frames-taken")]
[JsonDerivedType(typeof(ExportPage), "export-page")]
[JsonDerivedType(typeof(MessagesImported), "messages-imported")]
[JsonDerivedType(typeof(SearchResult), "search-result")]
[JsonDerivedType(typeof(Invited), "invited")]
[JsonDerivedType(typeof(Invitations), "invitations")]
[JsonDerivedType(typeof(Members), "members")]
[JsonDerivedType(typeof(FileStarted), "file-started")]
[JsonDerivedType(typeof(Files), "files")]
[JsonDerivedType(typeof(FileBytes), "file-bytes")]
[JsonDerivedType(typeof(PastedCode), "pasted-code")]
[JsonDerivedType(typeof(Diagnosis), "diagnosis")]
[JsonDerivedType(typeof(Status), "status")]
public abstract record NodeReply
{
    private protected NodeReply() { }

    /// <summary>It is done.</summary>
    public sealed record Done : NodeReply;

    /// <summary>It is not done.</summary>
    /// <param name="Code">Why.</param>
    /// <param name="Text">The sentence for the user.</param>
    public sealed record Refused(RefusalCode Code, string Text) : NodeReply;

    /// <summary>The chat is open, and its people are being looked for. Answers the joins.</summary>
    /// <param name="Chat">The chat.</param>
    public sealed record Opened(ChatSummary Chat) : NodeReply;

    /// <summary>The text is kept and goes out as soon as it can. Answers <see cref="NodeCommand.SendText"/>.</summary>
    /// <param name="Message">The message with the id it has by now.</param>
    public sealed record Accepted(ChatMessage Message) : NodeReply;

    /// <summary>A page of messages, oldest first. Answers <see cref="NodeCommand.LoadHistory"/>.</summary>
    /// <param name="Chat">The chat.</param>
    /// <param name="Messages">The page.</param>
    /// <param name="HasOlder">Whether there is more before it.</param>
    public sealed record History(string Chat, ChatMessage[] Messages, bool HasOlder) : NodeReply;

    /// <summary>All chats. Answers <see cref="NodeCommand.ListChats"/>.</summary>
    /// <param name="All">The chats.</param>
    public sealed record Chats(ChatSummary[] All) : NodeReply;

    /// <summary>All contacts. Answers <see cref="NodeCommand.ListContacts"/>.</summary>
    /// <param name="All">The contacts.</param>
    public sealed record Contacts(ContactSummary[] All) : NodeReply;

    /// <summary>The number by which two people compare their keys. Answers <see cref="NodeCommand.VerifyPeer"/>.</summary>
    /// <param name="PeerId">The contact's full id.</param>
    /// <param name="Name">What they are called here.</param>
    /// <param name="Number">Twelve groups of five digits; the same at both.</param>
    /// <param name="Trust">How far their key is known by now.</param>
    public sealed record Safety(string PeerId, string Name, string Number, TrustState Trust) : NodeReply;

    /// <summary>First-contact requests, oldest first. Answers <see cref="NodeCommand.ListRequests"/>.</summary>
    /// <param name="All">The requests.</param>
    public sealed record Requests(RequestSummary[] All) : NodeReply;

    /// <summary>The message, or null where there is none. Answers <see cref="NodeCommand.FindMessage"/>.</summary>
    /// <param name="Message">The message, or null.</param>
    public sealed record Found(ChatMessage? Message) : NodeReply;

    /// <summary>The message as it is now. Answers edits, reactions and recalls.</summary>
    /// <param name="Message">The message.</param>
    public sealed record Changed(ChatMessage Message) : NodeReply;

    /// <summary>What holds for a chat. Answers <see cref="NodeCommand.SetChatOption"/>, <see cref="NodeCommand.SetAutoFetch"/> and <see cref="NodeCommand.GetChatOptions"/>.</summary>
    /// <param name="All">What holds.</param>
    public sealed record Settings(ChatOptions All) : NodeReply;

    /// <summary>How long the content of a chat is kept. Answers <see cref="NodeCommand.SetRetention"/> and <see cref="NodeCommand.GetRetention"/>.</summary>
    /// <param name="Chat">The chat.</param>
    /// <param name="KeepSeconds">For how long; null for as long as there is room.</param>
    /// <param name="Deletes">How many messages that deletes now.</param>
    /// <param name="NeedsConfirmation">Whether nothing was done yet, because it deletes something and was not confirmed.</param>
    public sealed record Retention(string Chat, long? KeepSeconds, int Deletes, bool NeedsConfirmation)
        : NodeReply;

    /// <summary>What was taken in. Answers <see cref="NodeCommand.ImportFrames"/>.</summary>
    /// <param name="Chat">The chat.</param>
    /// <param name="Entries">How many entries are new here, of all kinds.</param>
    public sealed record FramesTaken(string Chat, int Entries) : NodeReply;

    /// <summary>Messages of a chat, oldest first. Answers <see cref="NodeCommand.ExportMessages"/>.</summary>
    /// <param name="Chat">The chat.</param>
    /// <param name="Title">What people call it.</param>
    /// <param name="Messages">The messages; those from other exports under the ids that they came with.</param>
    /// <param name="Next">Where the next page begins; null when this is the last.</param>
    public sealed record ExportPage(string Chat, string Title, ChatMessage[] Messages, string? Next)
        : NodeReply;

    /// <summary>What was imported. Answers <see cref="NodeCommand.ImportMessages"/>.</summary>
    /// <param name="Chat">The chat.</param>
    /// <param name="Added">How many messages are new here.</param>
    /// <param name="Known">How many were here already, or were recalled here.</param>
    /// <param name="TooOld">How many were left out because the chat keeps nothing that old.</param>
    public sealed record MessagesImported(string Chat, int Added, int Known, int TooOld) : NodeReply;

    /// <summary>Messages that were found, newest first. Answers <see cref="NodeCommand.SearchMessages"/>.</summary>
    /// <param name="Messages">The messages.</param>
    /// <param name="HasMore">Whether there are older ones.</param>
    public sealed record SearchResult(ChatMessage[] Messages, bool HasMore) : NodeReply;

    /// <summary>A new invitation. Answers <see cref="NodeCommand.Invite"/>.</summary>
    /// <param name="Link">The link: who has it is let in.</param>
    /// <param name="Invitation">The invitation.</param>
    public sealed record Invited(string Link, InvitationSummary Invitation) : NodeReply;

    /// <summary>Invitations that were given out. Answers <see cref="NodeCommand.ListInvitations"/>.</summary>
    /// <param name="All">The invitations, oldest first.</param>
    public sealed record Invitations(InvitationSummary[] All) : NodeReply;

    /// <summary>Who belongs to a private room. Answers <see cref="NodeCommand.ListMembers"/>.</summary>
    /// <param name="Chat">The room.</param>
    /// <param name="Topic">What it is about; empty for nothing.</param>
    /// <param name="NewcomersRead">What newcomers may read, as <see cref="NodeCommand.SetPolicy"/> writes it.</param>
    /// <param name="All">The members, by name.</param>
    public sealed record Members(string Chat, string Topic, string NewcomersRead, RoomMemberSummary[] All)
        : NodeReply;

    /// <summary>A file as it stands now. Answers <see cref="NodeCommand.SendFile"/>, <see cref="NodeCommand.GetFile"/> and <see cref="NodeCommand.CancelFile"/>.</summary>
    /// <param name="File">The file.</param>
    public sealed record FileStarted(FileSummary File) : NodeReply;

    /// <summary>Files, newest first. Answers <see cref="NodeCommand.ListFiles"/>.</summary>
    /// <param name="All">The files.</param>
    public sealed record Files(FileSummary[] All) : NodeReply;

    /// <summary>Bytes of a file. Answers <see cref="NodeCommand.ReadFile"/>.</summary>
    /// <param name="Offset">Where they begin.</param>
    /// <param name="Base64">The bytes, in base 64.</param>
    /// <param name="IsLast">Whether the file ends with them.</param>
    public sealed record FileBytes(long Offset, string Base64, bool IsLast) : NodeReply;

    /// <summary>A code to be pasted at the other side. Answers <see cref="NodeCommand.MakeOffer"/>, and <see cref="NodeCommand.TakeCode"/> with an offer.</summary>
    /// <param name="Text">The code.</param>
    /// <param name="LifetimeSeconds">How long it holds.</param>
    /// <param name="Chat">The chat with whoever made the offer; null for an offer of one's own.</param>
    public sealed record PastedCode(string Text, int LifetimeSeconds, ChatSummary? Chat) : NodeReply;

    /// <summary>What works and what does not. Answers <see cref="NodeCommand.Diagnose"/>.</summary>
    /// <param name="Chat">The chat that was asked about; null for the network as a whole.</param>
    /// <param name="Checks">What was looked at.</param>
    public sealed record Diagnosis(string? Chat, DiagnosisCheck[] Checks) : NodeReply;

    /// <summary>How the node is. Answers <see cref="NodeCommand.GetStatus"/>.</summary>
    /// <param name="Node">How it is.</param>
    public sealed record Status(NodeStatus Node) : NodeReply;
}
