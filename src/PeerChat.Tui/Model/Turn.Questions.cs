using System.Globalization;
using System.Text;
using PeerChat.Node;
using PeerChat.Terminal.Input;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

internal sealed partial class Turn
{
    private void HandleQuestion(NodeEvent happened)
    {
        switch (happened)
        {
            case NodeEvent.RequestReceived request:
                if (Ask(new Asked.Request(request)))
                {
                    Say(Pane.ConsoleKey, Texts.Requested(request));
                    if (State.Look.Notify != NotifyAbout.Off)
                    {
                        Ring(Texts.RequestAsks(request, others: 0));
                    }
                }

                break;
            case NodeEvent.RequestEnded ended:
                EndRequest(ended);
                break;
            case NodeEvent.OutboxQuestion question:
                Ask(new Asked.Outbox(question));
                break;
            case NodeEvent.AnnounceQuestion question:
                Ask(new Asked.Announce(question));
                break;
            case NodeEvent.BeyondQuestion question:
                Ask(new Asked.Beyond(question));
                break;
            case NodeEvent.BeyondAnswered answered:
                Drop(asked => asked is Asked.Beyond known && known.Question.Chat == answered.Chat);
                break;
            case NodeEvent.ChoiceNeeded choice:
                Ask(new Asked.Choice(choice));
                break;
            case NodeEvent.ChoiceAnswered answered:
                DropChoice(answered.Target);
                break;
            case NodeEvent.OutboxAnswered answered:
                Drop(asked => asked is Asked.Outbox known && known.Question.Chat == answered.Chat);
                break;
            case NodeEvent.AnnounceAnswered:
                Drop(asked => asked is Asked.Announce);
                break;
            default:
                break;
        }
    }

    /// <summary>Puts a question; one that is open already stays where it is, with what is new about it.</summary>
    /// <returns>Whether it is new.</returns>
    private bool Ask(Asked asked)
    {
        var index = State.Questions.FindIndex(known => known.IsSame(asked));
        State = State with
        {
            Questions =
                index < 0
                    ? State.Questions.Add(asked with { IsArmed = !State.IsTyping })
                    : State.Questions.SetItem(
                        index,
                        asked with
                        {
                            IsArmed = State.Questions[index].IsArmed,
                            IsPutOff = State.Questions[index].IsPutOff,
                        }
                    ),
        };
        return index < 0;
    }

    private void Drop(Predicate<Asked> which) =>
        State = State with { Questions = State.Questions.RemoveAll(which) };

    private void Drop(Asked asked) => State = State with { Questions = State.Questions.Remove(asked) };

    // Whom was meant has shown itself, or is asked anew
    private void DropChoice(string target) =>
        Drop(asked => asked is Asked.Choice known && known.Needed.Target == target);

    private void EndRequest(NodeEvent.RequestEnded ended)
    {
        // Answered by the user here it is gone already
        if (
            State.Questions.Find(asked =>
                asked is Asked.Request known && known.Received.Request == ended.Request
            )
            is not Asked.Request request
        )
        {
            return;
        }

        Drop(request);
        Say(Pane.ConsoleKey, Texts.RequestGone(request.Received.Name, ended.Accepted));
    }

    /// <summary>Gives a key to the question in the bar; false when it is not for it.</summary>
    private bool TryAnswer(KeyStroke key)
    {
        if (State.Question is not { } asked)
        {
            return false;
        }

        if (asked.IsModal)
        {
            AnswerModal(asked, key);
            return true;
        }

        if (key.IsAlt('y') || key.IsAlt('n'))
        {
            return asked is not Asked.Choice && Answer(asked, key.IsAlt('y'));
        }

        if (!TakesLetters(State, asked))
        {
            return false;
        }

        if (key.Is(KeyCode.Escape))
        {
            State = State with
            {
                Questions = State.Questions.Replace(asked, asked with { IsPutOff = true }),
                Hint = Texts.PutOff,
            };
            return true;
        }

        if (!key.IsText)
        {
            return false;
        }

        var letter = Rune.ToLowerInvariant(key.Character).Value;
        return asked is Asked.Choice choice
            ? letter is >= '1' and <= '9' && Choose(choice, letter - '1')
            : letter is 'y' or 'n' && Answer(asked, letter == 'y');
    }

    /// <summary>Whether plain letters answer the question now, rather than go into the input line.</summary>
    public static bool TakesLetters(AppState state, Asked asked) =>
        asked.IsModal || (asked.IsArmed && state.Shown.Editor.Text.Length == 0);

    private bool Answer(Asked asked, bool yes)
    {
        Drop(asked);
        switch (asked)
        {
            case Asked.Request request:
                Post(new NodeCommand.AnswerRequest(request.Received.Request, yes));
                State = State with { Answered = State.Answered.Add(request.Received.Request) };
                if (yes && State.Shown.IsConsole)
                {
                    State = State with { Wanted = new ChatTarget(request.Received.PeerId, null, null) };
                }

                break;
            case Asked.Outbox outbox:
                Post(new NodeCommand.ReleaseOutbox(outbox.Question.Chat, yes));
                break;
            case Asked.Beyond beyond:
                Post(new NodeCommand.LookBeyond(beyond.Question.Chat, yes));
                break;
            case Asked.Announce:
                Post(new NodeCommand.SetAnnounceName(yes));
                break;
            default:
                break;
        }

        return true;
    }

    private bool Choose(Asked.Choice choice, int index)
    {
        if (index < 0 || index >= choice.Needed.Claims.Length)
        {
            State = State with { Hint = Texts.NoSuchChoice };
            return true;
        }

        Drop(choice);
        Post(new NodeCommand.ChoosePeer(choice.Needed.Target, choice.Needed.Claims[index].PeerId));
        return true;
    }

    private void AnswerModal(Asked asked, KeyStroke key)
    {
        var letter = key.IsText ? Rune.ToLowerInvariant(key.Character).Value : 0;
        if (letter == 'y')
        {
            Drop(asked);
            if (asked is Asked.Paste paste)
            {
                SetEditor(State.Shown.Editor.Insert(paste.Text));
                NoteTyping();
            }
            else if (asked is Asked.Recall { Message: var message })
            {
                AskNode(new NodeCommand.RecallMessage(message.Chat, message.Id));
            }
        }
        else if (letter == 'n' || key.Is(KeyCode.Escape) || key.Is(KeyCode.Enter) || key.IsCtrl('c'))
        {
            Drop(asked);
            State = State with { Hint = asked is Asked.Paste ? Texts.PasteDropped : null };
        }
    }

    /// <inheritdoc/>
    public bool AnswerOldest(bool yes)
    {
        if (State.Questions.Find(asked => asked is not Asked.Choice && !asked.IsModal) is { } asked)
        {
            return Answer(asked, yes);
        }

        Say(State.Current, Texts.NothingAsked);
        return true;
    }

    /// <inheritdoc/>
    public bool Choose(string number)
    {
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var chosen))
        {
            return false;
        }

        if (State.Questions.Find(asked => asked is Asked.Choice) is Asked.Choice choice)
        {
            return Choose(choice, chosen - 1);
        }

        Say(State.Current, Texts.NothingAsked);
        return true;
    }
}
