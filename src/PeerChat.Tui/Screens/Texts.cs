using PeerChat.Node;

namespace PeerChat.Tui.Screens;

/// <summary>Every word of the screen's own that a user reads.</summary>
internal static class Texts
{
    public const string Program = "PeerChat";

    public const string Prompt = "> ";

    public const string LinePrefix = "-- ";

    public const string WarningPrefix = "!! ";

    public const string Starting = "starting …";

    public const string NoChatYet = "No chat is open. /join NAME or /room NAME first; nothing was sent.";

    public const string NothingAsked = "Nothing was asked.";

    public const string NoSuchChat = "There is no such chat; /chats lists them.";

    public const string NoSuchChoice = "There is no such choice.";

    public const string NothingUnread = "Nothing is unread.";

    public const string NoJobControl = "There is no shell to go back to.";

    public const string QuitHint = "Ctrl-C again ends PeerChat, or /quit.";

    public const string Cleared = "Cleared; Ctrl-_ brings it back.";

    public const string PasteCut = "The paste was too long; its end is missing.";

    public const string PasteDropped = "Nothing was pasted.";

    public const string TypedAhead = "It is sent as soon as the chat is open.";

    public const string PutOff = "Put off; /accept or /decline answers it later.";

    public const string NoChatShown = "No chat is shown; /chats lists them.";

    public const string Attached = "attached";

    public const string NoContacts = "There are no contacts yet.";

    public const string NoRequests = "Nobody asks to chat.";

    public const string NothingAnswered = "No request was answered here; say whose: /undo WHO.";

    public const string AnsweredElsewhere = "That question was answered elsewhere.";

    public const string Undone = "The answer is taken back.";

    public const string NoNode = "no node, looking";

    public const string Detaching = "Starting a process of its own for the node …";

    public const string HelpHead = "Commands; Tab completes them:";

    public const string HelpKeys =
        "Enter sends, Alt-Enter or Ctrl-J begins a new line, Up brings back lines entered before. Alt-1 to Alt-9, "
        + "Ctrl-N, Ctrl-P, Alt-Up, Alt-Down change the chat, Alt-0 shows PeerChat's own pane, Alt-A goes to the next unread. PgUp and "
        + "PgDn scroll, Alt-Home and Alt-End go to the ends. Ctrl-L draws anew, Ctrl-Z suspends, Ctrl-] leaves "
        + "the screen and lets the node go on, Ctrl-C twice ends.";

    public const string HelpMarks =
        "Before your own messages: … waits here, > handed over, + stored by the other side, * read. Before a chat: + connected, "
        + "~ looking or connecting, ? waits to be accepted, x failed, *3 three unread.";

    public const string NoChats = "There are no chats yet: /join NAME or /room NAME.";

    public const string AcceptLabel = "accept";

    public const string DeclineLabel = "decline";

    public const string YesLabel = "yes";

    public const string NoLabel = "no";

    public const string SendLabel = "send";

    public const string DiscardLabel = "throw away";

    public const string LaterLabel = "later";

    public const string ChooseLabel = "choose";

    public const string AltKey = "Alt-";

    public const string EscapeKey = "Esc";

    public const string Offline = "You are offline now; others no longer see you.";

    /// <summary>What to do when nothing has been done yet.</summary>
    public static IReadOnlyList<string> FirstSteps { get; } =
    [
        "/join NAME   chat with somebody on this network",
        "/room NAME   open a room for all who know its name",
        "peerchat id  in a shell: your id, for others to /join you",
    ];

    /// <summary>Who one is.</summary>
    public static string Self(NodeEvent.Ready self) => $"{self.Name}~{self.ShortId}";

    /// <summary>Somebody with the short form of their id.</summary>
    public static string Person(string name, string shortId) => $"{name}~{shortId}";

    public static string YouAre(NodeEvent.Ready self) =>
        $"You are {Self(self)} on {string.Join(", ", self.Interfaces)}. /help lists the commands.";

    public static string ChatState(ChatSummary chat) =>
        chat.Detail.Length > 0
            ? $"{chat.Title}: {Word(chat.Connection)}{chat.Detail}"
            : $"{chat.Title}: {Word(chat.Connection).TrimEnd(',', ' ')}";

    public static string Removed(ChatSummary chat) =>
        $"{chat.Title} is no contact any more; the history is kept and comes back with the contact.";

    public static string Queued(int count) => $"{count} queued";

    public static string Newer(int count) => $"{count} newer";

    public static string Unread(int count) => $"*{count}";

    public static string Asking(int count) => $"{count} asked";

    public static string Title(int unread, string? chat) =>
        (unread > 0 ? $"({unread}) " : "") + (chat is null ? Program : $"{chat} - {Program}");

    public static string RequestAsks(NodeEvent.RequestReceived request, int others) =>
        $"{Person(request.Name, request.ShortId)} asks to chat."
        + (others > 0 ? $" ({others} more behind it)" : "");

    public static string OutboxAsks(NodeEvent.OutboxQuestion question) =>
        question.Messages == 1
            ? $"One waiting message can go to {Person(question.Name, question.ShortId)} now, whom you meet for the first time. Send it?"
            : $"{question.Messages} waiting messages can go to {Person(question.Name, question.ShortId)} now, whom you meet for the first time. Send them?";

    public static string AnnounceAsks(string name) =>
        $"May the name {name} be announced on this network, so that others find you?";

    public static string ChoiceAsks(string target) =>
        $"Several keys claim the name {target.TrimStart('?')}. Whom do you mean?";

    public static string PasteAsks(int lines, int bytes) =>
        $"Paste {lines} lines, {bytes / 1024.0:0.0} KB, into the input line?";

    public static string Requested(NodeEvent.RequestReceived request) =>
        $"{Person(request.Name, request.ShortId)} asks to chat; full id {request.PeerId}.";

    public static string RequestGone(string name, bool accepted) =>
        accepted ? $"{name} was let in." : $"The request of {name} has ended.";

    public static string UnknownCommand(string name) =>
        $"There is no command {name}; /help lists them. Nothing was sent (// sends a line that begins with a slash).";

    public static string Usage(string name, string arguments) => $"It is used so: {name} {arguments}";

    public static string TooLong(int bytes, int limit) =>
        $"The text has {bytes} bytes, {limit} ({limit / 1024} KiB) can be sent at once. Nothing was sent.";

    public static string ChatLine(int number, bool isShown, ChatSummary chat, int unread) =>
        $"{number}{(isShown ? "*" : " ")} {ChatState(chat)}" + (unread > 0 ? $", {unread} unread" : "");

    public static string OwnerIs(NodeEvent.OwnerChanged owner) =>
        owner.IsThisProcess
            ? "This process runs the node now: your presence ends with it; /detach lets it go on."
        : owner.ProcessId == 0 ? "The process that ran the node is gone; looking for another one …"
        : $"Process {owner.ProcessId} runs the node: your presence goes on when this screen ends.";

    public static string NotHandedOver(string logPath) =>
        $"The process in the background did not come to run the node; {logPath} says why. This one goes on.";

    /// <summary>What is left on the restored screen where another process runs the node.</summary>
    public static string Left(int processId) =>
        processId == 0
            ? "You are offline: no process runs the node now. 'peerchat' or 'peerchat daemon' starts one."
            : $"You are still online: process {processId} runs the node. 'peerchat attach' brings the screen back, 'peerchat daemon --stop' ends it.";

    /// <summary>What is left on the restored screen.</summary>
    public static string Goodbye(int queued) =>
        queued switch
        {
            0 => Offline,
            1 => Offline + " 1 message is still queued and goes out when you and its reader are both online.",
            _ => Offline
                + $" {queued} messages are still queued and go out when you and their readers are both online.",
        };

    /// <summary>Why there is no full screen.</summary>
    public static string WhyNot(string reason) =>
        $"The full screen is not used: {reason}. This is the line mode.";

    private static string Word(ConnectionState state) =>
        state switch
        {
            ConnectionState.Connected => "connected, ",
            ConnectionState.Failed => "failed, ",
            _ => "",
        };

    /// <summary>A search without a result.</summary>
    public const string NothingFound = "Nothing was found; fewer or shorter words find more.";

    /// <summary>A search that has more than it says.</summary>
    public const string MoreFound = "There are older ones; 'peerchat search --limit' shows more.";

    /// <summary>A message as it is read: what it answers, its text, whether that was changed, and the reactions to it.</summary>
    public static string Reading(ChatMessage message) =>
        (message.ReplyTo is { Length: > ShownIdDigits } to ? $"(to {to[..ShownIdDigits]}) " : "")
        + message.Text
        + (message.IsEdited ? " (edited)" : "")
        + string.Concat(
            (message.Reactions ?? []).Select(one =>
                one.By.Length == 1 ? $" [{one.Emoji}]" : $" [{one.Emoji} {one.By.Length}]"
            )
        );

    /// <summary>Somebody is writing.</summary>
    public static string IsTyping(string name) => $"{name} is writing.";

    /// <summary>Digits of an id that are shown and may be entered.</summary>
    private const int ShownIdDigits = 6;
}
