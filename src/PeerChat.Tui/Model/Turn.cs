using PeerChat.Node;
using PeerChat.Terminal.Widgets;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

/// <summary>One message on its way into the state: starts with the old state, collects the new one and the effects.</summary>
/// <remarks>Lives for one update only; all that stays is in <see cref="State"/>.</remarks>
internal sealed partial class Turn(AppState state) : IChatCommands
{
    /// <summary>Messages read at once: some screens full, quick to read from the store.</summary>
    public const int HistoryPage = 200;

    /// <summary>How long the user must not type before the draft is saved and letters may answer questions again.</summary>
    public static readonly TimeSpan TypingPause = TimeSpan.FromSeconds(1);

    private readonly List<AppEffect> _effects = [];

    /// <summary>The state so far.</summary>
    public AppState State { get; private set; } = state;

    /// <summary>What is to be done.</summary>
    public IReadOnlyList<AppEffect> Effects => _effects;

    /// <summary>Takes the message in.</summary>
    public void Handle(AppMessage message)
    {
        switch (message)
        {
            case AppMessage.Shown:
                _effects.Add(new AppEffect.Start());
                break;
            case AppMessage.Input input:
                HandleInput(input.Event);
                break;
            case AppMessage.Node node:
                HandleNode(node.Event);
                break;
            case AppMessage.Answered answered:
                TakeAnswer(answered.Command, answered.Reply);
                break;
            case AppMessage.NotHandedOver failed:
                if (State.IsDetaching)
                {
                    State = State with { IsDetaching = false };
                    Say(State.Current, failed.Sentence, isWarning: true);
                }

                break;
            case AppMessage.PathsFound found:
                TakePaths(found);
                break;
            case AppMessage.PictureLoaded loaded:
                TakePicture(loaded);
                break;
            case AppMessage.Carried { IsOver: false } carried:
                State = State with { Hint = carried.Sentence };
                break;
            case AppMessage.Carried carried:
                State = State with { Hint = null };
                Say(carried.Chat, carried.Sentence, carried.IsFailure);
                break;
            case AppMessage.Tick:
                HandlePause();
                break;
            case AppMessage.Edited edited:
                State = State with { Hint = edited.Problem };
                if (edited.Text is { } text)
                {
                    SetEditor(State.Shown.Editor.WithText(text));
                    NoteTyping();
                }

                break;
            case AppMessage.NotSuspended:
                State = State with { Hint = Texts.NoJobControl };
                break;
            case AppMessage.Cancelled:
                End(Commands.ExitCode.Interrupted);
                break;
            default:
                End(Commands.ExitCode.Storage);
                break;
        }
    }

    private void HandlePause()
    {
        EndGlance();
        SaveDraft();
        AskFinder();
        State = State with
        {
            IsTyping = false,
            Questions = [.. State.Questions.Select(asked => asked with { IsArmed = true })],
        };
    }

    private void Post(NodeCommand command) => _effects.Add(new AppEffect.Post(command));

    private void Tell(NodeCommand command) => _effects.Add(new AppEffect.Tell(command));

    private void AskNode(NodeCommand command) => _effects.Add(new AppEffect.Ask(command));

    private void ChangeShown(Func<Pane, Pane> change) => State = State.With(State.Current, change);

    /// <summary>A sentence of the program's own, in a chat's log or in its own pane.</summary>
    private void Say(string? chat, string sentence, bool isWarning = false)
    {
        var key = chat is not null && State.Find(chat) is not null ? chat : State.Current;
        State = State.With(
            key,
            pane =>
                pane with
                {
                    Log = pane.Log.Say(SlashWords.Of(Words.FromNode(sentence)), isWarning).Trimmed(),
                }
        );
    }

    private void Open(string key, Glance? glance = null)
    {
        if (State.Find(key) is not { } pane)
        {
            return;
        }

        if (key != State.Current)
        {
            SaveDraft();
            ChangeShown(pane => pane.WithoutHelp());
            ChangeShown(shown =>
                State.Glance is { } left
                    ? shown with
                    {
                        Unread = left.Unread,
                        Highlights = left.Highlights,
                    }
                    : shown with
                    {
                        Log = shown.Log.WithoutRule(),
                    }
            );
        }

        State = State with { Current = key, Glance = glance, Selected = null, Chooser = null, Finder = null };
        ChangeShown(shown => shown with { Unread = 0, Highlights = 0, StaysUnread = false });
        Load(key);
        MarkShownRead();
    }

    /// <summary>Asks for the newest page of a chat, once.</summary>
    private void Load(string key)
    {
        if (State.Find(key) is { IsConsole: false, IsLoaded: false })
        {
            State = State.With(key, pane => pane with { IsLoaded = true });
            Post(new NodeCommand.LoadHistory(key, HistoryPage));
        }
    }

    /// <summary>Has the node keep the draft of the pane shown, if it is another one than it has.</summary>
    private void SaveDraft()
    {
        var pane = State.Shown;
        var draft = pane.Composing?.Draft ?? pane.Editor.Text;
        if (!pane.IsConsole && draft != pane.SavedDraft)
        {
            Post(new NodeCommand.SaveDraft(pane.Key, draft));
            ChangeShown(shown => shown with { SavedDraft = draft });
        }
    }

    private void SetEditor(LineEditor editor) => ChangeShown(pane => pane with { Editor = editor });

    private void Ring(string notice)
    {
        if (!State.HasRung)
        {
            _effects.Add(new AppEffect.Bell());
            if (!State.HasFocus)
            {
                // Whoever looks at the screen needs no message of the desktop
                _effects.Add(new AppEffect.Notify(notice));
            }

            State = State with { HasRung = true };
        }
    }

    private void End(int code)
    {
        SaveDraft();
        State = State with { ExitCode = State.ExitCode ?? code };
    }
}
