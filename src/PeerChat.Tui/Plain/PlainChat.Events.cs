using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Model;
using PeerChat.Tui.Output;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Plain;

internal sealed partial class PlainChat
{
    /// <summary>Shows what happened; false ends the chat.</summary>
    private bool Show(NodeEvent happened)
    {
        lock (_gate)
        {
            switch (happened)
            {
                case NodeEvent.OwnerChanged owner:
                    return TakeOwner(owner);
                case NodeEvent.Ready ready:
                    Begin(ready);
                    break;
                case NodeEvent.InStep inStep:
                    TakeStep(inStep.Resumed);
                    break;
                case NodeEvent.ChatChanged changed:
                    ShowChat(changed.Chat);
                    break;
                case NodeEvent.ChatReplaced replaced:
                    _chats.RemoveAll(chat => chat.Chat == replaced.OldChat);
                    _current = _current == replaced.OldChat ? replaced.Chat.Chat : _current;
                    ShowChat(replaced.Chat);
                    break;
                case NodeEvent.ChatRemoved removed:
                    RemoveChat(removed.Chat);
                    break;
                case NodeEvent.HistoryLoaded loaded:
                    foreach (var message in loaded.Messages)
                    {
                        ShowMessage(message);
                    }

                    break;
                case NodeEvent.MessageShown shown:
                    ShowMessage(shown.Message);
                    break;
                case NodeEvent.FileChanged { File: var file }
                    when file.Chat == _current && file.State is FileState.Complete or FileState.Failed:
                    Say(FileLines.Of(file));
                    break;
                case NodeEvent.MessageReplaced replaced:
                    _shown.Add(replaced.Message.Id); // the text itself has been shown
                    break;
                case NodeEvent.MessageStateChanged { State: DeliveryState.Delivered } changed
                    when changed.Chat == _current:
                    Say(Words.Of($"Delivered to {changed.DeliveredTo}."));
                    break;
                case NodeEvent.MessageStateChanged { State: DeliveryState.Read } changed
                    when changed.Chat == _current:
                    Say(Words.Of("Read."));
                    break;
                case NodeEvent.MessageChanged changed when _shown.Contains(changed.Message.Id):
                    _output.WriteLine($"-- {Words.Of("now")}: " + LineWriter.Format(changed.Message));
                    break;
                case NodeEvent.TypingChanged { IsTyping: true } typing when typing.Chat == _current:
                    Say(Texts.AreTyping([typing.Name]));
                    break;
                case NodeEvent.Notice notice:
                    Say(Words.FromNode(notice.Text));
                    break;
                case NodeEvent.JoinFailed failed:
                    Say(Words.FromNode(failed.Text));
                    break;
                default:
                    ShowQuestion(happened);
                    break;
            }

            return !_isOver;
        }
    }

    private void Begin(NodeEvent.Ready ready)
    {
        if (_self is null)
        {
            Say(Words.Of($"You are {ready.Name}~{ready.ShortId}. /help lists the commands."));
        }

        _self = ready;
        for (var i = 0; i < _questions.Count; i++)
        {
            _questions[i] = _questions[i] with { IsStale = true };
        }
    }

    private bool TakeOwner(NodeEvent.OwnerChanged owner)
    {
        var isFirst = _owner is null;
        _owner = owner;
        if (_isDetaching && owner is { IsThisProcess: false, ProcessId: > 0 })
        {
            Say(Texts.Left(owner.ProcessId));
            _isOver = true;
            return false;
        }

        if (!isFirst || !owner.IsThisProcess)
        {
            Say(Texts.OwnerIs(owner));
        }

        return true;
    }

    private void TakeStep(bool resumed)
    {
        if (!resumed)
        {
            _questions.RemoveAll(asked => asked.IsStale);
        }

        if (_wasInStep && !resumed && _current is not null)
        {
            _node.Post(new NodeCommand.LoadHistory(_current, HistoryLines)); // what was shown is not shown again
        }

        _wasInStep = true;
    }

    private void ShowQuestion(NodeEvent happened)
    {
        switch (happened)
        {
            case NodeEvent.RequestReceived request when Ask(new Asked.Request(request)):
                Say(Words.Of($"{request.Name}~{request.ShortId} asks to chat: /accept or /decline."));
                break;
            case NodeEvent.RequestEnded ended:
                _questions.RemoveAll(asked =>
                    asked is Asked.Request known && known.Received.Request == ended.Request
                );
                break;
            case NodeEvent.ChoiceNeeded choice when Ask(new Asked.Choice(choice)):
                ShowChoice(choice);
                break;
            case NodeEvent.OutboxQuestion question when Ask(new Asked.Outbox(question)):
                Say(Texts.OutboxAsks(question) + " " + Words.Of("/yes sends, /no throws away."));
                break;
            case NodeEvent.BeyondQuestion question when Ask(new Asked.Beyond(question)):
                Say(Texts.BeyondAsks(question) + " " + Words.Of("/yes or /no."));
                break;
            case NodeEvent.BeyondAnswered answered:
                Drop(asked => asked is Asked.Beyond known && known.Question.Chat == answered.Chat);
                break;
            case NodeEvent.AnnounceQuestion question when Ask(new Asked.Announce(question)):
                Say(Texts.AnnounceAsks(question.Name) + " " + Words.Of("/yes or /no."));
                break;
            // Answered here they are gone already
            case NodeEvent.ChoiceAnswered answered:
                Drop(asked => asked is Asked.Choice known && known.Needed.Target == answered.Target);
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

    /// <summary>Takes back a question that was answered elsewhere, and says so: lines that were written cannot be.</summary>
    private void Drop(Predicate<Asked> which)
    {
        if (_questions.RemoveAll(which) > 0)
        {
            Say(Texts.AnsweredElsewhere);
        }
    }

    private void RemoveChat(string key)
    {
        if (_chats.Find(chat => chat.Chat == key) is { } removed)
        {
            _chats.Remove(removed);
            _current = _current == key ? null : _current;
            Say(Texts.Removed(removed));
        }
    }

    /// <summary>Puts a question; one that is open already stays where it is.</summary>
    /// <returns>Whether it is new.</returns>
    private bool Ask(Asked asked)
    {
        var index = _questions.FindIndex(known => known.IsSame(asked));
        if (index < 0)
        {
            _questions.Add(asked);
            return true;
        }

        _questions[index] = asked;
        return false;
    }

    private void ShowChoice(NodeEvent.ChoiceNeeded choice)
    {
        Say(Words.Of("Several keys claim that name; /choose N says whom you mean:"));
        for (var i = 0; i < choice.Claims.Length; i++)
        {
            var claim = choice.Claims[i];
            Say($"{i + 1}  {claim.Name}~{claim.ShortId}  {claim.Address}");
        }
    }
}
