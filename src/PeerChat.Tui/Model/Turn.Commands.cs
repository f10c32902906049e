using System.Globalization;
using PeerChat.Node;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Widgets;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

internal sealed partial class Turn
{
    /// <summary>Names offered for a word that many begin with: more fit no status line.</summary>
    private const int MaxNamesOffered = 8;

    private void RunCommand(string line)
    {
        var words = SlashCommands.Split(line);
        var (shown, effects) = (State.Shown, _effects.Count);
        if (SlashCommands.Find(SlashCommands.OfScreen, words[0]) is not { } form)
        {
            Say(
                State.Current,
                Texts.UnknownCommand(words[0], SlashCommands.Nearest(SlashCommands.OfScreen, words[0]))
            );
        }
        else if (!form.Run(this, words[1..]))
        {
            Say(State.Current, Texts.Usage(form));
        }

        // Whoever reads further up wants to see what the command says, now or in a moment
        if (
            State.Shown is { BeforeHelp: null } now
            && now.Key == shown.Key
            && (now.Log != shown.Log || _effects.Skip(effects).Any(effect => effect is AppEffect.Ask))
        )
        {
            ChangeShown(pane => pane with { Scroll = LogScroll.AtEnd });
        }
    }

    private void Complete()
    {
        var editor = State.Shown.Editor;
        if (TryCompletePath(editor))
        {
            return;
        }

        if (!editor.Text.StartsWith('/') || editor.Text.Contains(' ') || editor.Cursor != editor.Text.Length)
        {
            CompleteName(editor);
            return;
        }

        var names = SlashCommands.Completions(SlashCommands.OfScreen, editor.Text);
        if (names.Count == 0)
        {
            return;
        }

        var common = names.Aggregate(CommonStart);
        SetEditor(editor.WithText(names.Count == 1 ? common + " " : common));
        State = State with { Hint = names.Count > 1 ? string.Join("  ", names) : null };
        NoteTyping();
    }

    /// <summary>Completes a name where the cursor stands: who spoke last comes first, then the others of the chat, then chats.</summary>
    private void CompleteName(LineEditor editor)
    {
        var before = editor.Text[..editor.Cursor];
        var start = before.LastIndexOfAny([' ', '\n']) + 1;
        if (before.AsSpan(start) is [':', _, ..])
        {
            CompleteEmoji(editor, before[(start + 1)..]);
            return;
        }

        var word = before[start..].TrimStart('@');
        if (word.Length == 0)
        {
            return;
        }

        var pane = State.Shown;
        string[] names =
        [
            .. pane
                .Log.Entries.Reverse()
                .Select(entry => entry.Message)
                .OfType<ChatMessage>()
                .Where(message => !message.IsOwn)
                .Select(message => message.From)
                .Concat(
                    pane.Chat?.Members.Where(member => !member.IsSelf).Select(member => member.Name) ?? []
                )
                .Concat(State.Panes.Select(chat => chat.Chat?.Title).OfType<string>())
                .Where(name =>
                    name.StartsWith(word, StringComparison.OrdinalIgnoreCase)
                    && name.IndexOfAny([' ', '\n']) < 0
                )
                .Distinct(StringComparer.Ordinal)
                .Take(MaxNamesOffered),
        ];
        if (names.Length == 0)
        {
            return;
        }

        var end = start == 0 ? ": " : " ";
        var rest = editor.Text[editor.Cursor..];
        var completed = before[..(before.Length - word.Length)] + names[0] + end;
        SetEditor(editor.WithText(completed + rest.TrimStart(' ')).WithCursor(completed.Length));
        State = State with { Hint = names.Length > 1 ? string.Join("  ", names) : null };
        NoteTyping();
    }

    private void CompleteEmoji(LineEditor editor, string start)
    {
        var found = EmojiNames.StartingWith(start);
        if (found.Count == 0)
        {
            return;
        }

        var before = editor.Text[..(editor.Cursor - start.Length - 1)];
        var rest = editor.Text[editor.Cursor..];
        var exact = found.FirstOrDefault(one => one.Name == start);
        var completed =
            found.Count == 1 || exact.Emoji is not null
                ? before + (exact.Emoji ?? found[0].Emoji) + " "
                : before + ":" + found.Select(one => one.Name).Aggregate(CommonStart);
        SetEditor(editor.WithText(completed + rest.TrimStart(' ')).WithCursor(completed.Length));
        State = State with
        {
            Hint =
                found.Count > 1
                    ? string.Join("  ", found.Take(MaxNamesOffered).Select(one => $"{one.Emoji} {one.Name}"))
                    : null,
        };
        NoteTyping();
    }

    private static string CommonStart(string left, string right) =>
        left[..left.AsSpan().CommonPrefixLength(right)];

    /// <inheritdoc/>
    public bool JoinPeer(string target, string? address) =>
        RunCommandJoins.IsLink(target)
            ? AskOfNode(new NodeCommand.JoinLink(target, address))
            : Join(new NodeCommand.JoinPeer(target, address));

    /// <inheritdoc/>
    public bool JoinRoom(string room, string? address) =>
        Join(new NodeCommand.JoinRoom(room.TrimStart('#'), address));

    private bool Join(NodeCommand join)
    {
        var wanted = ChatTarget.Of(join)!;
        Post(join);
        if (State.Panes.Find(pane => pane.Chat is { } chat && wanted.Names(chat)) is { } known)
        {
            Go(known.Key);
        }
        else
        {
            State = State with { Wanted = wanted };
        }

        return true;
    }

    /// <inheritdoc/>
    public bool OpenNumber(string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            var found = new Chooser(text, 0)
                .Matches(State)
                .OrderByDescending(pane =>
                    Chooser.TitleOf(pane).Equals(text, StringComparison.OrdinalIgnoreCase)
                )
                .FirstOrDefault();
            if (found is not null)
            {
                Go(found.Key);
            }
            else
            {
                State = State with { Hint = Texts.NoSuchChat };
            }
        }
        else if (number < State.Panes.Count)
        {
            Go(State.Panes[number].Key);
        }
        else
        {
            State = State with { Hint = Texts.NoSuchChat };
        }

        return true;
    }

    /// <inheritdoc/>
    public bool OpenUnread()
    {
        var index = State.Panes.FindIndex(pane => pane.Key == State.Current);
        var order = State.Panes.Skip(index + 1).Concat(State.Panes.Take(index + 1));
        if (
            order.OrderByDescending(pane => pane.Highlights > 0).FirstOrDefault(pane => pane.Unread > 0) is
            { } next
        )
        {
            var from = State.CameFrom ?? State.Current;
            Go(next.Key);
            State = State with { CameFrom = from };
        }
        else if (State.CameFrom is { } from && State.Find(from) is not null && from != State.Current)
        {
            Go(from); // all is read: back to where the user was
            State = State with { CameFrom = null };
        }
        else
        {
            State = State with { Hint = Texts.NothingUnread };
        }

        return true;
    }

    /// <inheritdoc/>
    public bool ListChats()
    {
        if (State.Panes.Count == 1)
        {
            Say(State.Current, Texts.NoChats);
        }

        for (var i = 1; i < State.Panes.Count; i++)
        {
            var pane = State.Panes[i];
            Say(State.Current, Texts.ChatLine(i, pane.Key == State.Current, pane.Chat!, pane.Unread));
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Help(string? about)
    {
        if (about is null or HelpText.KeysWord)
        {
            ShowHelp(about is null ? HelpText.OfScreen : HelpText.OfKeys);
        }
        else if (SlashCommands.Find(SlashCommands.OfScreen, "/" + about.TrimStart('/')) is { } form)
        {
            ShowHelp([HelpText.Of(form)]);
        }
        else
        {
            Say(State.Current, Texts.NoHelpFor(about, SlashCommands.Nearest(SlashCommands.OfScreen, about)));
        }

        return true;
    }

    // It is longer than most screens, and is read from its beginning; Esc or the next line that is entered takes it away
    private void ShowHelp(IEnumerable<HelpLine> help)
    {
        ChangeShown(pane => pane with { Log = pane.Log.WithHelp(help), BeforeHelp = pane.Scroll });
        var first = State.Shown.Log.Entries.FindIndex(entry => entry.Help is not null);
        Scroll((lines, view) => LogScroll.At(lines, first, view));
        if (!State.Shown.Scroll.IsAtEnd)
        {
            State = State with { Hint = Texts.HelpGoesOn };
        }
    }

    private bool TryLeaveHelp(KeyStroke key)
    {
        var isLeft = State.Shown.BeforeHelp is not null && key.Is(KeyCode.Escape);
        if (isLeft)
        {
            ChangeShown(pane => pane.WithoutHelp());
        }

        return isLeft;
    }

    /// <inheritdoc/>
    public bool ChooseLanguage(string? tag)
    {
        if (tag is not null && Language.Find(tag) is { } language)
        {
            Words.Choose(language);
            _effects.Add(new AppEffect.Remember(SharedParameters.Language.Name[2..], language.Tag));
            Say(State.Current, Texts.LanguageIs);
        }
        else
        {
            Say(State.Current, Texts.Languages);
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Redraw()
    {
        _effects.Add(new AppEffect.Redraw());
        return true;
    }

    /// <inheritdoc/>
    public bool Quit()
    {
        End(ExitCode.Done);
        return true;
    }

    /// <inheritdoc/>
    public bool ListMembers()
    {
        if (State.Shown.Chat is not { } chat)
        {
            Say(State.Current, Texts.NoChatShown);
            return true;
        }

        foreach (var member in chat.Members)
        {
            Say(State.Current, ReplyLines.Of(member));
        }

        return true;
    }

    /// <inheritdoc/>
    public bool AskOfChat(Func<string, NodeCommand> make)
    {
        if (State.Shown.IsConsole)
        {
            Say(State.Current, Texts.NoChatShown);
            return true;
        }

        AskNode(make(State.Current));
        return true;
    }

    /// <inheritdoc/>
    public bool AskOfNode(NodeCommand command)
    {
        AskNode(command);
        return true;
    }

    /// <inheritdoc/>
    public bool SendFile(string path) =>
        AskOfChat(key => new NodeCommand.SendFile(
            key,
            DroppedPath.Read(path, Path.Exists) ?? Path.GetFullPath(DroppedPath.Expand(path)),
            Reference.Make()
        ));

    /// <inheritdoc/>
    public bool ExportChat(string path) => Carry(chat => new AppEffect.ExportChat(chat, path));

    /// <inheritdoc/>
    public bool ImportChat(string path) => Carry(chat => new AppEffect.ImportChat(chat, path));

    private bool Carry(Func<string, AppEffect> make)
    {
        if (State.Shown.IsConsole)
        {
            Say(State.Current, Texts.NoChatShown);
        }
        else
        {
            _effects.Add(make(State.Current));
        }

        return true;
    }

    /// <inheritdoc/>
    public bool ListContacts()
    {
        AskNode(new NodeCommand.ListContacts());
        return true;
    }

    /// <inheritdoc/>
    public bool ListRequests()
    {
        AskNode(new NodeCommand.ListRequests());
        return true;
    }

    /// <inheritdoc/>
    public bool UndoAnswer(string? who)
    {
        if ((who ?? State.Answered.LastOrDefault()) is { } request)
        {
            AskNode(new NodeCommand.UndoAnswer(request));
        }
        else
        {
            Say(State.Current, Texts.NothingAnswered);
        }

        return true;
    }

    /// <inheritdoc/>
    public bool ShowStatus()
    {
        AskNode(new NodeCommand.GetStatus());
        return true;
    }

    /// <inheritdoc/>
    public bool Detach()
    {
        SaveDraft();
        if (!State.IsOwner)
        {
            State = State with { IsDetaching = true };
            End(ExitCode.Done);
        }
        else if (!State.IsDetaching)
        {
            State = State with { IsDetaching = true, Hint = Texts.Detaching };
            _effects.Add(new AppEffect.HandOver());
        }
        else
        {
            State = State with { Hint = Texts.Detaching }; // the key took it away
        }

        return true;
    }

    // Its message, or the status line while it is being read, says how far it is, and goes on saying so; a line of its own would be out of
    // date at once
    private bool IsShownFile(NodeReply reply) =>
        reply is NodeReply.FileStarted { File: var file }
        && (file.State == FileState.Preparing || State.Find(file.Chat)?.Log.Find(file.File) is not null);

    private void TakeAnswer(NodeCommand command, NodeReply reply)
    {
        if (reply is NodeReply.Done && command is NodeCommand.UndoAnswer undone)
        {
            State = State with { Answered = State.Answered.Remove(undone.Request, StringComparer.Ordinal) };
            Say(State.Current, Texts.Undone);
        }

        // What the screen shows anyway needs no words
        if (
            TakeFound(command, reply)
            || reply is NodeReply.Changed or NodeReply.Accepted
            || IsShownFile(reply)
        )
        {
            return;
        }

        if (reply is NodeReply.Done && RoomLines.DoneBy(command) is { } done)
        {
            Say(State.Current, done);
        }

        if (reply is NodeReply.Opened opened)
        {
            // The answer may come before the event that tells of the chat
            if (State.Find(opened.Chat.Chat) is null)
            {
                PutChat(opened.Chat);
            }

            Go(opened.Chat.Chat);
            return;
        }

        foreach (var line in ReplyLines.Of(reply))
        {
            Say(State.Current, line);
        }
    }
}
