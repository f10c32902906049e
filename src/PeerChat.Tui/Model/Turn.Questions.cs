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
                Say(Pane.ConsoleKey, Texts.Requested(request));
                Ask(new Asked.Request(request));
                Ring();
                break;
            case NodeEvent.RequestEnded ended:
                EndRequest(ended);
                break;
            case NodeEvent.OutboxQuestion question:
                Drop(asked => asked is Asked.Outbox outbox && outbox.Question.Chat == question.Chat);
                Ask(new Asked.Outbox(question));
                break;
            case NodeEvent.AnnounceQuestion question:
                Ask(new Asked.Announce(question));
                break;
            case NodeEvent.ChoiceNeeded choice:
                Drop(asked => asked is Asked.Choice known && known.Needed.Target == choice.Target);
                Ask(new Asked.Choice(choice));
                break;
            default:
                break;
        }
    }

    private void Ask(Asked asked) =>
        State = State with { Questions = State.Questions.Add(asked with { IsArmed = !State.IsTyping }) };

    private void Drop(Predicate<Asked> which) =>
        State = State with { Questions = State.Questions.RemoveAll(which) };

    private void Drop(Asked asked) => State = State with { Questions = State.Questions.Remove(asked) };

    private void EndRequest(NodeEvent.RequestEnded ended)
    {
        // Answered by the user here it is gone already
        if (
            State.Questions.Find(asked => asked is Asked.Request known && known.Received.Request == ended.Request)
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

        if (asked is Asked.Paste paste)
        {
            AnswerPaste(paste, key);
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
        asked is Asked.Paste || (asked.IsArmed && state.Shown.Editor.Text.Length == 0);

    private bool Answer(Asked asked, bool yes)
    {
        Drop(asked);
        switch (asked)
        {
            case Asked.Request request:
                Post(new NodeCommand.AnswerRequest(request.Received.Request, yes));
                if (yes && State.Shown.IsConsole)
                {
                    State = State with { Wanted = new ChatTarget(request.Received.PeerId, null, null) };
                }

                break;
            case Asked.Outbox outbox:
                Post(new NodeCommand.ReleaseOutbox(outbox.Question.Chat, yes));
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

    private void AnswerPaste(Asked.Paste paste, KeyStroke key)
    {
        var letter = key.IsText ? Rune.ToLowerInvariant(key.Character).Value : 0;
        if (letter == 'y')
        {
            Drop(paste);
            SetEditor(State.Shown.Editor.Insert(paste.Text));
            NoteTyping();
        }
        else if (letter == 'n' || key.Is(KeyCode.Escape) || key.Is(KeyCode.Enter) || key.IsCtrl('c'))
        {
            Drop(paste);
            State = State with { Hint = Texts.PasteDropped };
        }
    }

    /// <summary>Answers the oldest question that yes or no answers, also one that was put off.</summary>
    public bool AnswerOldest(bool yes)
    {
        if (State.Questions.Find(asked => asked is not (Asked.Choice or Asked.Paste)) is { } asked)
        {
            return Answer(asked, yes);
        }

        Say(State.Current, Texts.NothingAsked);
        return true;
    }

    /// <summary>Answers the oldest choice by number.</summary>
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
