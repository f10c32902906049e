using System.Text;
using PeerChat.Node;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Widgets;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

internal sealed partial class Turn
{
    /// <summary>A paste of more lines than this is asked about: it covers the screen.</summary>
    public const int MaxPasteLines = 20;

    /// <summary>A paste of more bytes than this is asked about: nobody means to say so much at once.</summary>
    public const int MaxPasteBytes = 4096;

    private void HandleInput(InputEvent input)
    {
        switch (input)
        {
            case InputEvent.Key key:
                HandleKey(key.Stroke);
                break;
            case InputEvent.Paste paste:
                HandlePaste(paste);
                break;
            case InputEvent.Mouse mouse:
                HandleMouse(mouse);
                break;
            case InputEvent.Focus focus:
                State = State with { HasFocus = focus.HasFocus, HasRung = false };
                if (!focus.HasFocus)
                {
                    ChangeShown(pane => pane with { Log = pane.Log.WithoutRule() });
                }

                MarkShownRead();

                break;
            case InputEvent.Resized resized:
                State = State with { Size = resized.Size.Clamped() };
                LoadWholePicture();
                break;
            case InputEvent.GraphicsFound found:
                var isOther = State.Graphics != found.Graphics;
                State = State with { Graphics = found.Graphics };
                if (isOther)
                {
                    LoadWholePicture();
                }

                break;
            case InputEvent.StopRequested:
                Suspend();
                break;
            case InputEvent.Signal signal:
                State = State with { IsTerminalGone = signal.Kind == TerminalSignal.HangUp };
                End(128 + (int)signal.Kind);
                break;
            case InputEvent.Gone:
                State = State with { IsTerminalGone = true };
                End(128 + (int)TerminalSignal.HangUp);
                break;
            default:
                break;
        }
    }

    private void HandleKey(KeyStroke key)
    {
        var (wasAboutToQuit, hadPrefix, before) = (State.IsAboutToQuit, State.HasPrefix, State.Current);
        State = State with
        {
            Hint = null,
            IsAboutToQuit = false,
            HasPrefix = false,
            HasRung = false,
            JumpTo = null,
        };
        if (State.Question is { IsModal: true })
        {
            TryAnswer(key);
        }
        else if (State.Chooser is { } chooser)
        {
            HandleChooser(chooser, key);
        }
        else if (State.Finder is { } finder)
        {
            HandleFinder(finder, key);
        }
        else if (TryPicture(key) || TrySelect(key) || TryCompose(key))
        {
            return;
        }
        else if (State.Found is not null && key.Is(KeyCode.Escape))
        {
            State = State with { Found = null };
        }
        else if (TryLeaveHelp(key))
        {
            return;
        }
        else if (key.IsCtrl('c'))
        {
            Interrupt(wasAboutToQuit);
        }
        else if (key.IsCtrl('d') && State.Shown.Editor.Text.Length == 0)
        {
            Quit();
        }
        else if (!TryAnswer(key) && !TryMove(key, hadPrefix) && !TryScroll(key))
        {
            Edit(key);
            State = State with { Found = null };
        }

        if (State.Current == before)
        {
            EndGlance(); // and a key may have brought the newest lines into sight
        }
    }

    private void Interrupt(bool isSecond)
    {
        if (State.Shown.Editor.Text.Length > 0)
        {
            SetEditor(State.Shown.Editor.WithText(""));
            NoteTyping();
            State = State with { Hint = Texts.Cleared };
        }
        else if (isSecond)
        {
            Quit();
        }
        else
        {
            State = State with { Hint = Texts.QuitHint, IsAboutToQuit = true };
        }
    }

    private void Suspend()
    {
        SaveDraft();
        _effects.Add(new AppEffect.Suspend());
    }

    private bool TryMove(KeyStroke key, bool hadPrefix)
    {
        switch (key)
        {
            case { Code: KeyCode.Up, Modifiers: KeyModifiers.Alt }:
            case var _ when key.IsCtrl('p'):
                OpenNeighbour(-1);
                return true;
            case { Code: KeyCode.Down, Modifiers: KeyModifiers.Alt }:
            case var _ when key.IsCtrl('n'):
                OpenNeighbour(1);
                return true;
            case { Code: KeyCode.Character, Modifiers: KeyModifiers.Alt, Character.Value: >= '0' and <= '9' }:
                if (State.Panes.ElementAtOrDefault(key.Character.Value - '0') is { } numbered)
                {
                    GlanceAt(numbered);
                }
                else
                {
                    State = State with { Hint = Texts.NoSuchChat };
                }

                return true;
            case var _ when key.IsAlt('a'):
                return OpenUnread();
            case var _ when key.IsAlt('k') || (key.IsCtrl('k') && State.Shown.Editor.Text.Length == 0):
                OpenChooser();
                return true;
            case var _ when key.IsCtrl('r'):
                OpenFinder("", chat: null);
                return true;
            case var _ when key.IsAlt('m'):
                return SelectMessage();
            case var _ when key.IsAlt('u'):
                return GoToLastRead();
            case var _ when key.IsAlt('l'):
                return ToggleBare();
            case var _ when key.IsAlt('e'):
            case var _ when hadPrefix && (key == KeyStroke.Of('e') || key.IsCtrl('e')):
                return EditDraft();
            case var _ when key.IsCtrl('x'):
                State = State with { HasPrefix = true };
                return true;
            case var _ when key.IsCtrl('l'):
                return Redraw();
            case var _ when key.IsCtrl(']'):
                Detach();
                return true;
            case var _ when key.IsCtrl('z') || key.IsAlt('z'):
                Suspend();
                return true;
            default:
                return false;
        }
    }

    private void OpenNeighbour(int step)
    {
        var index = State.Panes.FindIndex(pane => pane.Key == State.Current);
        var count = State.Panes.Count;
        GlanceAt(State.Panes[(index + step + count) % count]);
    }

    /// <summary>Opens a pane because the user says so: from now on none opens by itself.</summary>
    private void Go(string key, Glance? glance = null)
    {
        State = State with { OpensFirst = false, Wanted = null };
        Open(key, glance);
    }

    private bool TryScroll(KeyStroke key)
    {
        var pane = State.Shown;
        var isPlain = (key.Modifiers & ~KeyModifiers.Shift) == KeyModifiers.None;
        var isLineDone =
            key.Modifiers == KeyModifiers.None
            && pane.Editor.Cursor == pane.Editor.Text.Length
            && !pane.Scroll.IsAtEnd;
        switch (key.Code)
        {
            case KeyCode.PageUp when isPlain:
                Scroll((lines, view) => pane.Scroll.PageUp(lines, view));
                return true;
            case KeyCode.PageDown when isPlain:
                Scroll((lines, view) => pane.Scroll.PageDown(lines, view));
                return true;
            case KeyCode.Home when key.Modifiers == KeyModifiers.Alt:
                Scroll(LogScroll.AtStart);
                return true;
            case KeyCode.End when key.Modifiers == KeyModifiers.Alt || isLineDone:
                ChangeShown(shown => shown with { Scroll = LogScroll.AtEnd });
                return true;
            default:
                return false;
        }
    }

    private void Scroll(Func<LogLines, Terminal.Cells.TerminalSize, LogScroll> move)
    {
        var pane = State.Shown;
        var (lines, view) = LinesOf(pane.Log);
        var scroll = move(lines, view);
        ChangeShown(shown => shown with { Scroll = scroll });
        var isAtTop = scroll.IsAtEnd ? lines.Count <= view.Rows : scroll == LogScroll.AtStart(lines, view);
        if (isAtTop)
        {
            LoadOlder();
        }
    }

    private (LogLines Lines, Terminal.Cells.TerminalSize View) LinesOf(PaneLog log)
    {
        var region = ScreenLayout.Of(State, State.Size).Log;
        var view = new Terminal.Cells.TerminalSize(region.Columns, region.Rows).Clamped();
        return (new LogLines(log, State.Zone, view.Columns), view);
    }

    private void LoadOlder(int count = HistoryPage)
    {
        var pane = State.Shown;
        if (
            pane is { IsConsole: false, HasFirstPage: true, HasOlder: true, IsLoadingOlder: false }
            && pane.Log.Entries.Count < PaneLog.MaxLines
            && pane.Log.Oldest is { } oldest
        )
        {
            ChangeShown(shown => shown with { IsLoadingOlder = true });
            Post(new NodeCommand.LoadHistory(pane.Key, count, oldest.Id));
        }
    }

    private void Edit(KeyStroke key)
    {
        var before = State.Shown.Editor;
        if (key.Is(KeyCode.Tab))
        {
            Complete();
            return;
        }

        var (editor, outcome) = before.Handle(key, ScreenLayout.Of(State, State.Size).Text.Columns);
        SetEditor(editor);
        if (outcome == EditorOutcome.Submitted)
        {
            Submit(editor.Text);
        }

        if (State.Shown.Editor.Text != before.Text)
        {
            NoteTyping();
        }
    }

    private void NoteTyping()
    {
        // Once for each spell of writing; the node drops it where nobody is to know
        if (
            !State.IsTyping
            && State.Shown is { IsConsole: false, Editor.Text: { Length: > 0 } text }
            && text[0] != '/'
        )
        {
            Tell(new NodeCommand.SetTyping(State.Current, IsTyping: true));
        }

        State = State with { IsTyping = true };
        _effects.Add(new AppEffect.Wake(TypingPause));
    }

    private void HandlePaste(InputEvent.Paste paste)
    {
        State = State with { Hint = paste.IsCut ? Texts.PasteCut : null, IsAboutToQuit = false };
        if (State.Question is { IsModal: true })
        {
            return;
        }

        var lines = paste.Text.AsSpan().Count('\n') + 1;
        if (lines > MaxPasteLines || Encoding.UTF8.GetByteCount(paste.Text) > MaxPasteBytes)
        {
            State = State with
            {
                Questions = State.Questions.Insert(0, new Asked.Paste(paste.Text) { IsArmed = true }),
            };
            return;
        }

        // A file that was dropped on the terminal comes as its path: Enter sends it, and until then nothing has happened
        SetEditor(
            State.Shown.Editor.Insert(
                State.Shown is { IsConsole: false, Editor.Text.Length: 0 }
                && Commands.DroppedPath.Read(paste.Text, path => path.LastIndexOf('/') > 0) is { } path
                    ? "/file " + path
                    : paste.Text
            )
        );
        NoteTyping();
    }

    private void Submit(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        ChangeShown(pane => pane.WithoutHelp());

        // A path or a pasted text of several lines is no command, but it is not sent by mistake either
        if (text.StartsWith('/') && !text.StartsWith("//", StringComparison.Ordinal))
        {
            SetEditor(State.Shown.Editor.Finish());
            RunCommand(text);
            return;
        }

        // What was pasted often ends with line ends that nobody means
        var meant = text.TrimEnd('\n');
        SendText(text, meant.StartsWith('/') ? meant[1..] : meant);
    }

    private void SendText(string entered, string text)
    {
        var pane = State.Shown;
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > NodeCommand.MaxTextBytes)
        {
            State = State with { Hint = Texts.TooLong(bytes, NodeCommand.MaxTextBytes) };
            return;
        }

        if (pane.IsConsole && State.Wanted is null)
        {
            State = State with { Hint = Texts.NoChatYet };
            return;
        }

        if (pane.Composing is { } composing)
        {
            Submit(composing, text);
            return;
        }

        SetEditor(pane.Editor.Finish());
        if (pane.IsConsole)
        {
            State = State with { TypedAhead = State.TypedAhead.Add(text), Hint = Texts.TypedAhead };
            return;
        }

        ChangeShown(shown => shown with { Scroll = LogScroll.AtEnd, Log = shown.Log.WithoutRule() });
        Post(new NodeCommand.SendText(pane.Key, text));
        Post(new NodeCommand.RememberInput(pane.Key, entered));
        SaveDraft();
    }
}
