using System.Globalization;
using PeerChat.Node;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Model;

namespace PeerChat.Tui.Screens;

/// <summary>Every word of the screen's own that a user reads.</summary>
internal static class Texts
{
    public const string Program = "PeerChat";

    public const string Prompt = "> ";

    public const string LinePrefix = "-- ";

    public const string WarningPrefix = "!! ";

    public static string Starting => Words.Of("starting …");

    public static string NoChatYet =>
        Words.Of("No chat is open. /join NAME or /room NAME first; nothing was sent.");

    public static string NothingAsked => Words.Of("Nothing was asked.");

    public static string NoSuchChat => Words.Of("There is no such chat; /chats lists them.");

    public static string NoSuchChoice => Words.Of("There is no such choice.");

    public static string NothingUnread => Words.Of("Nothing is unread.");

    public static string NoJobControl => Words.Of("There is no shell to go back to.");

    public static string QuitHint => Words.Of("Ctrl-C again ends PeerChat, or /quit.");

    public static string Cleared => Words.Of("Cleared; Ctrl-_ brings it back.");

    public static string PasteCut => Words.Of("The paste was too long; its end is missing.");

    public static string PasteDropped => Words.Of("Nothing was pasted.");

    public static string TypedAhead => Words.Of("It is sent as soon as the chat is open.");

    public static string PutOff => Words.Of("Put off; /accept or /decline answers it later.");

    public static string NoChatShown => Words.Of("No chat is shown; /chats lists them.");

    public static string Attached => Words.Of("attached");

    public static string NoContacts => Words.Of("There are no contacts yet.");

    public static string NoRequests => Words.Of("Nobody asks to chat.");

    public static string NothingAnswered => Words.Of("No request was answered here; say whose: /undo WHO.");

    public static string AnsweredElsewhere => Words.Of("That question was answered elsewhere.");

    public static string Undone => Words.Of("The answer is taken back.");

    public static string NoNode => Words.Of("no node, looking");

    public static string Detaching => Words.Of("Starting a process of its own for the node …");

    public static string HelpHead => Words.Of("Commands; Tab completes them, /help keys lists the keys:");

    public static string HelpGoesOn => Words.Of("PgDn reads on, Esc leaves the help.");

    public static string HelpIsShown => Words.Of("Esc leaves the help");

    public static string NoChats => Words.Of("There are no chats yet: /join NAME or /room NAME.");

    public static string AcceptLabel => Words.Of("accept");

    public static string DeclineLabel => Words.Of("decline");

    public static string YesLabel => Words.Of("yes");

    public static string NoLabel => Words.Of("no");

    public static string SendLabel => Words.Of("send");

    public static string DiscardLabel => Words.Of("throw away");

    public static string LaterLabel => Words.Of("later");

    public static string ChooseLabel => Words.Of("choose");

    public const string AltKey = "Alt-";

    public static string EscapeKey => Words.Of("Esc");

    public static string Offline => Words.Of("You are offline now; others no longer see you.");

    /// <summary>What to do when nothing has been done yet.</summary>
    public static IReadOnlyList<string> FirstSteps =>
        [
            Words.Of("/join NAME   chat with somebody on this network"),
            Words.Of("/room NAME   open a room for all who know its name"),
            Words.Of("peerchat id  in a shell: your id, for others to /join you"),
        ];

    /// <summary>Who one is.</summary>
    public static string Self(NodeEvent.Ready self) => $"{self.Name}~{self.ShortId}";

    /// <summary>Somebody with the short form of their id.</summary>
    public static string Person(string name, string shortId) => $"{name}~{shortId}";

    public static string YouAre(NodeEvent.Ready self) =>
        self.Interfaces.Length == 0
            ? Words.Of($"You are {self.Name}~{self.ShortId}. /help lists the commands.")
            : Words.Of(
                $"You are {Self(self)} on {string.Join(", ", self.Interfaces)}. /help lists the commands."
            );

    public static string NoNetwork => Words.Of("no network");

    public static string ChatState(ChatSummary chat) =>
        $"{chat.Title}{Alike(OtherOf(chat)?.LooksLike)}: "
        + string.Join(
            Words.Of(", "),
            new[] { Word(chat.Connection), LagOf(chat), Words.FromNode(chat.Detail) }.Where(part =>
                part.Length > 0
            )
        );

    // Below a hundredth of a second nobody feels it, and the number would only jump about
    private static string LagOf(ChatSummary chat) =>
        chat is { Connection: ConnectionState.Connected, Lag: >= 10 and var lag }
            ? Words.Of($"{lag} ms away")
            : "";

    private static ChatMember? OtherOf(ChatSummary chat) =>
        chat.Kind == ChatKind.Direct ? Array.Find(chat.Members, member => !member.IsSelf) : null;

    public static string Removed(ChatSummary chat) =>
        Words.Of(
            $"{chat.Title} is no contact any more; the history is kept and comes back with the contact."
        );

    public static string Queued(int count) => Words.Count(count, $"{count} queued", $"{count} queued");

    public static string Newer(int count) => Words.Count(count, $"{count} newer", $"{count} newer");

    public static string Highlighted(int count) => $"!{count}";

    /// <summary>The rule below what was read last.</summary>
    public static string NewRule => Words.Of("new");

    public static string NothingNew => Words.Of("Nothing is new here since you looked.");

    public static string NothingToSelect => Words.Of("There is no message to select here.");

    public static string SelectKeys =>
        Words.Of("r reply, e edit, a react, d recall, y copy, o open, u unread, i more, Esc leaves");

    public static string PictureKeys => Words.Of("arrows: the others; any other key closes it");

    public static string PictureComes => Words.Of("it is being read");

    public static string NoSuchPicture =>
        Words.Of("not a picture that can be shown here; /get puts the file into a folder");

    public static string NoPictureHere => Words.Of("There is no such picture in what is shown of this chat.");

    public static string PictureIsNotHere => Words.Of("The picture is not here yet; /get fetches it.");

    public static string PictureIsTooLarge =>
        Words.Of("The picture has more than 16 MiB; /get puts it into a folder.");

    public static string NoLink => Words.Of("The message has no link.");

    public static string Copied =>
        Words.Of("Handed to the terminal's clipboard; some drop it (tmux: set-clipboard on).");

    /// <summary>Before what was being written when the program had to end.</summary>
    public static string UnsentDraft(string? chat) =>
        chat is null
            ? Words.Of("This was being written and is not sent:")
            : Words.Of(
                $"This was being written to {LogLines.OneLine(chat, LogLines.MaxNameColumns)} and is not sent:"
            );

    public static string MarkedUnread => Words.Of("Unread from here on, until you open the chat again.");

    public static string NoSuchPath => Words.Of("No file or folder there begins so.");

    public static string CopyTooLong => Words.Of("The text is too long for the terminal's clipboard.");

    public static string ChooserKeys => Words.Of("Type to find a chat; Enter opens, Esc leaves");

    public static string NotOwn =>
        Words.Of("Somebody else wrote that message, so only they can change or recall it.");

    public static string AlreadyRecalled => Words.Of("That message has been recalled already.");

    public static string NoContent =>
        Words.Of("The content of that message is not here, so nothing can be said about it.");

    public static string RecallAsks(string text) =>
        Words.Of($"Recall “{text}”? It is deleted here at once, and at everybody who hears of it.");

    /// <summary>What the input line is about, and how to leave that.</summary>
    public static string Doing(Model.Composing composing) =>
        composing.Kind switch
        {
            Model.ComposingKind.Reply => Words.Of(
                $"Answer to {LogLines.OneLine(composing.Message.From, LogLines.MaxNameColumns)}: {LogLines.OneLine(composing.Message.Text, LogLines.MaxExcerptColumns)}  (Esc leaves)"
            ),
            Model.ComposingKind.Edit => Words.Of(
                "Change your message; Enter keeps it, Esc leaves it as it was"
            ),
            _ => Words.Of(
                $"React with {string.Join("  ", Model.Turn.QuickReactions.Select((one, index) => $"{index + 1} {one}"))}  or type one; Esc leaves"
            ),
        };

    public static string FinderKeys =>
        Words.Of("Type words; Enter goes to the message, Tab changes where to look, Esc leaves");

    /// <summary>Before the words; null for all chats.</summary>
    public static string FinderPrompt(string? chat) =>
        chat is null
            ? Words.Of("Search: ")
            : Words.Of($"Search in {LogLines.OneLine(chat, LogLines.MaxNameColumns)}: ");

    public static string Searching => Words.Of("Searching …");

    public static string TooFarBack =>
        Words.Of("The message is too far back for the screen; 'peerchat history' shows it.");

    public static string ChooserPrompt => Words.Of("Chat: ");

    public static string NoDraftFile => Words.Of("The draft could not be given to the editor.");

    public static string EditorFailed(int code) =>
        Words.Of($"The editor ended with code {code}; the draft stays as it was.");

    /// <summary>A message in words.</summary>
    public static IEnumerable<string> Details(ChatMessage message, TimeZoneInfo zone)
    {
        var time = TimeZoneInfo.ConvertTime(
            DateTimeOffset.FromUnixTimeMilliseconds(
                Math.Clamp(message.SentAtUnixMilliseconds, 0, 253_402_300_799_999)
            ),
            zone
        );
        yield return Words.Of(
            $"Message {message.Id} of {message.From}, {time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}."
        );
        yield return Words.Of($"Key of the author: {message.FromId}.") + IsNot(message.LooksLike);
        if (message.IsOwn)
        {
            yield return message.State switch
            {
                DeliveryState.Queued => Words.Of("It waits here until somebody of the chat is met."),
                DeliveryState.Sent => Words.Of(
                    "Another device has it in hand; nobody has confirmed yet that it is stored."
                ),
                DeliveryState.Read => Words.Count(
                    message.ReadBy,
                    $"Read by {message.ReadBy} person.",
                    $"Read by {message.ReadBy} people."
                ),
                _ => Words.Count(
                    message.DeliveredTo,
                    $"Stored by {message.DeliveredTo} other device.",
                    $"Stored by {message.DeliveredTo} other devices."
                ),
            };
        }

        foreach (var reaction in message.Reactions ?? [])
        {
            yield return $"{reaction.Emoji}  {string.Join(Words.Of(", "), reaction.By)}";
        }
    }

    public static string Unread(int count) => $"*{count}";

    public static string Asking(int count) => Words.Count(count, $"{count} asked", $"{count} asked");

    public static string Title(int unread, string? chat) =>
        (unread > 0 ? $"({unread}) " : "") + (chat is null ? Program : $"{chat} - {Program}");

    public static string RequestAsks(NodeEvent.RequestReceived request, int others) =>
        Words.Of($"{Person(request.Name, request.ShortId)} asks to chat.")
        + IsNot(request.LooksLike)
        + (others > 0 ? " " + Words.Of($"({others} more behind it)") : "");

    public static string OutboxAsks(NodeEvent.OutboxQuestion question) =>
        Words.Count(
            question.Messages,
            $"{question.Messages} waiting message can go to {Person(question.Name, question.ShortId)} now, whom you meet for the first time. Send it?",
            $"{question.Messages} waiting messages can go to {Person(question.Name, question.ShortId)} now, whom you meet for the first time. Send them?"
        );

    /// <summary>Said in the language that was chosen.</summary>
    public static string LanguageIs => Words.Of("From now on PeerChat speaks English.");

    public static string Languages =>
        Words.Of(
            $"/lang TAG chooses a language: {string.Join(", ", Language.All.Select(one => $"{one.Tag} {one.Name}"))}."
        );

    public static string AnnounceAsks(string name) =>
        Words.Of($"May the name {name} be announced on this network, so that others find you?");

    public static string BeyondAsks(NodeEvent.BeyondQuestion question) =>
        Words.Of(
            $"{LogLines.OneLine(question.Name, LogLines.MaxNameColumns)} is not on this network. Look beyond it, at {string.Join(", ", question.Services)}? Anyone may claim this name there, and whoever does will see your address."
        );

    public static string ChoiceAsks(string target) =>
        Words.Of($"Several keys claim the name {target.TrimStart('?')}. Whom do you mean?");

    public static string PasteAsks(int lines, int bytes) =>
        Words.Count(
            lines,
            $"Paste {lines} line, {bytes / 1024.0:0.0} KB, into the input line?",
            $"Paste {lines} lines, {bytes / 1024.0:0.0} KB, into the input line?"
        );

    public static string Requested(NodeEvent.RequestReceived request) =>
        Words.Of($"{Person(request.Name, request.ShortId)} asks to chat; full id {request.PeerId}.")
        + IsNot(request.LooksLike);

    public static string RequestGone(string name, bool accepted) =>
        accepted ? Words.Of($"{name} was let in.") : Words.Of($"The request of {name} has ended.");

    /// <summary>That a command is not one.</summary>
    /// <param name="name">What was entered.</param>
    /// <param name="nearest">What was probably meant; null where nothing is near.</param>
    public static string UnknownCommand(string name, string? nearest) =>
        nearest is null
            ? Words.Of(
                $"There is no command {name}; /help lists them. Nothing was sent (// sends a line that begins with a slash)."
            )
            : Words.Of(
                $"There is no command {name}; did you mean {nearest}? Nothing was sent (// sends a line that begins with a slash)."
            );

    /// <summary>That there is no help about something.</summary>
    /// <param name="about">What help was asked for.</param>
    /// <param name="nearest">What was probably meant; null where nothing is near.</param>
    public static string NoHelpFor(string about, string? nearest) =>
        Words.Of($"There is no command {about}.")
        + " "
        + (nearest is null ? Words.Of("/help lists them.") : Words.Of($"Did you mean {nearest}?"));

    public static string Usage(SlashForm form) => Words.Of($"It is used so: {form.Usage}");

    public static string TooLong(int bytes, int limit) =>
        Words.Of(
            $"The text has {bytes} bytes, {limit} ({limit / 1024} KiB) can be sent at once. Nothing was sent."
        );

    public static string ChatLine(int number, bool isShown, ChatSummary chat, int unread) =>
        $"{number}{(isShown ? "*" : " ")} {ChatState(chat)}"
        + (unread > 0 ? ", " + Words.Count(unread, $"{unread} unread", $"{unread} unread") : "");

    public static string OwnerIs(NodeEvent.OwnerChanged owner) =>
        owner.IsThisProcess
            ? Words.Of("This process runs the node now: your presence ends with it; /detach lets it go on.")
        : owner.ProcessId == 0 ? Words.Of("The process that ran the node is gone; looking for another one …")
        : Words.Of($"Process {owner.ProcessId} runs the node: your presence goes on when this screen ends.");

    public static string NotHandedOver(string logPath) =>
        Words.Of(
            $"The process in the background did not come to run the node; {logPath} says why. This one goes on."
        );

    public static string ThisOneGoesOn => Words.Of("This one goes on.");

    /// <summary>What is left on the restored screen where another process runs the node.</summary>
    public static string Left(int processId) =>
        processId == 0
            ? Words.Of(
                "You are offline: no process runs the node now. 'peerchat' or 'peerchat daemon' starts one."
            )
            : Words.Of(
                $"You are still online: process {processId} runs the node. 'peerchat attach' brings the screen back, 'peerchat daemon --stop' ends it."
            );

    /// <summary>What is left on the restored screen.</summary>
    public static string Goodbye(int queued) =>
        queued == 0
            ? Offline
            : Offline
                + " "
                + Words.Count(
                    queued,
                    $"{queued} message is still queued and goes out when you and its reader are both online.",
                    $"{queued} messages are still queued and go out when you and their readers are both online."
                );

    /// <summary>Why there is no full screen.</summary>
    public static string WhyNot(string reason) =>
        Words.Of($"The full screen is not used: {Words.FromNode(reason)}. This is the line mode.");

    /// <summary>Why the keys of a terminal cannot be shown.</summary>
    public static string NoKeys(string reason) =>
        Words.Of(
            $"There are no keys to show: {Words.FromNode(reason)}. Run 'peerchat keydump' in a terminal."
        );

    private static string Word(ConnectionState state) =>
        state switch
        {
            ConnectionState.Connected => Words.Of("connected"),
            ConnectionState.Failed => Words.Of("failed"),
            _ => "",
        };

    /// <summary>A search without a result.</summary>
    public static string NothingFound => Words.Of("Nothing was found; fewer or shorter words find more.");

    /// <summary>A search that has more than it says.</summary>
    public static string MoreFound => Words.Of("There are older ones; 'peerchat search --limit' shows more.");

    /// <summary>A message as it is read: what it answers, its text, whether that was changed, and the reactions to it.</summary>
    public static string Reading(ChatMessage message) =>
        (message.ReplyTo is { Length: > ShownIdDigits } to ? AnswerTo(to[..ShownIdDigits]) + " " : "")
        + message.Text
        + (message.File is { } file ? "  " + Output.FileLines.Standing(file) : "")
        + (message.IsEdited ? $" ({Edited})" : "")
        + (message.State == DeliveryState.Imported ? $" ({Imported})" : "")
        + string.Concat((message.Reactions ?? []).Select(one => " " + Reaction(one)));

    /// <summary>Before an answer: what it is to.</summary>
    public static string AnswerTo(string what) => Words.Of($"(to {what})");

    /// <summary>Behind a text that is another than it was at first.</summary>
    public static string Edited => Words.Of("edited");

    /// <summary>Behind a name that somebody could be taken for another by.</summary>
    public static string LooksLike(string name) => Words.Of($"looks like {name}");

    /// <summary>The same in brackets; nothing for names that are like nobody's.</summary>
    public static string Alike(string? name) => name is null ? "" : $" ({LooksLike(name)})";

    /// <summary>The same about somebody who asks for something.</summary>
    public static string IsNot(string? name) =>
        name is null
            ? ""
            : " "
                + Words.Of(
                    $"The name looks like {name}, but the key is another one: somebody else, or a second machine."
                );

    /// <summary>Behind a text that came from an export.</summary>
    public static string Imported => Words.Of("imported");

    /// <summary>A reaction, with how many gave it.</summary>
    public static string Reaction(ReactionSummary one) =>
        one.By.Length == 1 ? $"[{one.Emoji}]" : $"[{one.Emoji} {one.By.Length}]";

    /// <summary>Somebody is writing.</summary>
    public static string AreTyping(IReadOnlyList<string> names) =>
        names.Count == 1
            ? Words.Of($"{LogLines.OneLine(names[0], LogLines.MaxNameColumns)} is writing")
            : Words.Of($"{names.Count} are writing");

    /// <summary>The other side of a chat is a guest.</summary>
    public static string Guest => Words.Of("guest");

    /// <summary>Who can read a chat, in a word or two.</summary>
    public static string Secrecy(ChatSummary chat) =>
        chat.Kind switch
        {
            ChatKind.OpenRoom => Words.Of("public"),
            ChatKind.PrivateRoom => Words.Of("encrypted"),
            ChatKind.Guest => Words.Of("guest, the PeerServer could read along"),
            _ => chat.Members.FirstOrDefault(member => !member.IsSelf)?.Trust == TrustState.Verified
                ? Words.Of("verified")
                : Words.Of("not verified"),
        };

    /// <summary>Below the people that fit.</summary>
    public static string MorePeople(int count) =>
        Words.Count(count, $"and {count} more", $"and {count} more");

    /// <summary>What a message of the desktop says: from whom and where, never what.</summary>
    public static string Notice(ChatMessage message, ChatSummary? chat)
    {
        var name = LogLines.OneLine(message.From, LogLines.MaxNameColumns);
        return chat is { Kind: not (ChatKind.Direct or ChatKind.Guest) }
            ? Words.Of($"{name} wrote in {LogLines.OneLine(chat.Title, LogLines.MaxNameColumns)}")
            : Words.Of($"{name} wrote to you");
    }

    public static string Themes(string now) =>
        Words.Of(
            $"/theme NAME chooses colours: {string.Join(", ", Theme.All.Select(one => one.Name))}; now {now}."
        );

    public static string ThemeIs(string name) => Words.Of($"The colours are {name} from now on.");

    public static string MouseOn =>
        Words.Of(
            "The mouse works here; hold Shift to select text as the terminal does. /mouse off leaves it to the terminal."
        );

    public static string MouseOff => Words.Of("The mouse is the terminal's own again.");

    public static string Notifies(NotifyAbout what) =>
        what switch
        {
            NotifyAbout.Off => Words.Of("Nothing rings. /notify highlight or all changes that."),
            NotifyAbout.All => Words.Of(
                "Every message rings while you are elsewhere. /notify highlight or off changes that."
            ),
            _ => Words.Of(
                "Direct messages and those that name you ring while you are elsewhere. /notify all or off changes that."
            ),
        };

    public static string KeyDumpHead => Words.Of("Press keys to see what they send; Ctrl-C twice ends this.");

    /// <summary>Digits of an id that are shown and may be entered.</summary>
    public const int ShownIdDigits = 6;
}
