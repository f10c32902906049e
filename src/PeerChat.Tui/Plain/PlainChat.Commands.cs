using System.Globalization;
using PeerChat.Node;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Model;
using PeerChat.Tui.Output;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Plain;

internal sealed partial class PlainChat : IChatCommands
{
    /// <summary>Messages of one search: what is older scrolls the newest away.</summary>
    private const int MaxFound = 20;

    /// <inheritdoc/>
    public bool JoinPeer(string target, string? address) =>
        RunCommandJoins.IsLink(target)
            ? AskNode(new NodeCommand.JoinLink(target, address))
            : Join(new NodeCommand.JoinPeer(target, address));

    /// <inheritdoc/>
    public bool JoinRoom(string room, string? address) =>
        Join(new NodeCommand.JoinRoom(room.TrimStart('#'), address));

    /// <inheritdoc/>
    public bool AnswerOldest(bool yes)
    {
        var asked = _questions.Find(question => question is not Asked.Choice);
        if (asked is null)
        {
            Say(Texts.NothingAsked);
            return true;
        }

        _questions.Remove(asked);
        switch (asked)
        {
            case Asked.Request request:
                _node.Post(new NodeCommand.AnswerRequest(request.Received.Request, yes));
                _answered.Add(request.Received.Request);
                break;
            case Asked.Beyond beyond:
                _node.Post(new NodeCommand.LookBeyond(beyond.Question.Chat, yes));
                break;
            case Asked.Outbox outbox:
                _node.Post(new NodeCommand.ReleaseOutbox(outbox.Question.Chat, yes));
                break;
            default:
                _node.Post(new NodeCommand.SetAnnounceName(yes));
                break;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Choose(string number)
    {
        if (
            _questions.Find(question => question is Asked.Choice) is Asked.Choice { Needed: var choice } asked
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var chosen)
            && chosen >= 1
            && chosen <= choice.Claims.Length
        )
        {
            _node.Post(new NodeCommand.ChoosePeer(choice.Target, choice.Claims[chosen - 1].PeerId));
            _questions.Remove(asked);
        }
        else
        {
            Say(Texts.NoSuchChoice);
        }

        return true;
    }

    /// <inheritdoc/>
    public bool ListChats()
    {
        for (var i = 0; i < _chats.Count; i++)
        {
            Say(Texts.ChatLine(i + 1, _chats[i].Chat == _current, _chats[i], unread: 0));
        }

        if (_chats.Count == 0)
        {
            Say(Texts.NoChats);
        }

        return true;
    }

    /// <inheritdoc/>
    public bool OpenNumber(string text)
    {
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1
            && number <= _chats.Count
        )
        {
            Open(_chats[number - 1]);
        }
        else
        {
            Say(Texts.NoSuchChat);
        }

        return true;
    }

    /// <inheritdoc/>
    public bool ListMembers()
    {
        if (_chats.Find(chat => chat.Chat == _current) is not { } shown)
        {
            Say(Texts.NoChatShown);
            return true;
        }

        foreach (var member in shown.Members)
        {
            Say(ReplyLines.Of(member));
        }

        return true;
    }

    /// <inheritdoc/>
    public bool OpenUnread() => true; // everything is shown as it comes

    /// <inheritdoc/>
    public bool SelectMessage() => true; // lines can be selected with the terminal's own means

    /// <inheritdoc/>
    public bool GoToLastRead() => true; // everything is shown as it comes

    /// <inheritdoc/>
    public bool ChooseTheme(string? name) => true; // lines have no colours

    /// <inheritdoc/>
    public bool UseMouse(string? wanted) => true; // the mouse is the terminal's

    /// <inheritdoc/>
    public bool NotifyOf(string? what) => true; // lines ring nothing

    /// <inheritdoc/>
    public bool ToggleBare() => true; // there is nothing else

    /// <inheritdoc/>
    public bool EditDraft() => true; // a line is entered at once

    /// <inheritdoc/>
    public bool Search(string words) =>
        AskOfChat(key => new NodeCommand.SearchMessages(words, key, Count: MaxFound));

    /// <inheritdoc/>
    public bool Redraw() => true; // nothing is ever drawn over

    /// <inheritdoc/>
    public bool AskOfChat(Func<string, NodeCommand> make)
    {
        if (_current is null)
        {
            Say(Texts.NoChatShown);
            return true;
        }

        return AskNode(make(_current));
    }

    /// <inheritdoc/>
    public bool AskOfNode(NodeCommand command) => AskNode(command);

    /// <inheritdoc/>
    public bool SendFile(string path) =>
        AskOfChat(key => new NodeCommand.SendFile(
            key,
            DroppedPath.Read(path, Path.Exists) ?? Path.GetFullPath(DroppedPath.Expand(path)),
            Reference.Make()
        ));

    /// <inheritdoc/>
    public bool ShowPicture(string? which)
    {
        _ = which;
        Say(
            Words.Of(
                "Pictures are shown on the full screen; here /get fetches one, and 'peerchat file show' draws it."
            )
        );
        return true;
    }

    /// <inheritdoc/>
    public bool ExportChat(string path) =>
        Carry(chat => ChatCarrying.ExportAsync(_node, chat, path, _ => { }));

    /// <inheritdoc/>
    public bool ImportChat(string path) =>
        Carry(chat => ChatCarrying.ImportAsync(_node, chat, path, _ => { }));

    private bool Carry(Func<string, Task<(string Sentence, bool IsFailure)>> carry)
    {
        if (_current is not { } chat)
        {
            Say(Texts.NoChatShown);
            return true;
        }

        _ = Task.Run(async () =>
        {
            var (sentence, _) = await carry(chat);
            lock (_gate)
            {
                Say(PlainText.Clean(Words.FromNode(sentence)));
            }
        });
        return true;
    }

    /// <inheritdoc/>
    public bool ListContacts() => AskNode(new NodeCommand.ListContacts());

    /// <inheritdoc/>
    public bool ListRequests() => AskNode(new NodeCommand.ListRequests());

    /// <inheritdoc/>
    public bool ShowStatus() => AskNode(new NodeCommand.GetStatus());

    /// <inheritdoc/>
    public bool UndoAnswer(string? who)
    {
        if ((who ?? _answered.LastOrDefault()) is not { } request)
        {
            Say(Texts.NothingAnswered);
            return true;
        }

        _answered.Remove(request);
        return AskNode(new NodeCommand.UndoAnswer(request));
    }

    /// <inheritdoc/>
    public bool Detach()
    {
        if (_owner is { IsThisProcess: false } owner)
        {
            Say(Texts.Left(owner.ProcessId));
            _isOver = true;
        }
        else if (!_isDetaching)
        {
            _isDetaching = true;
            Say(Texts.Detaching);
            _ = Task.Run(HandOverAsync);
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Help(string? about)
    {
        if (about is null or HelpText.KeysWord)
        {
            Say(Words.Of("Anything without a slash is sent; // sends a line that begins with one."));
            foreach (var line in HelpText.OfLines)
            {
                Say(line.IsHeading ? line.Text : $"{line.Term}  {line.Text}");
            }
        }
        else if (SlashCommands.Find(SlashCommands.OfLines, "/" + about.TrimStart('/')) is { } form)
        {
            var line = HelpText.Of(form);
            Say($"{line.Term}  {line.Text}");
        }
        else
        {
            Say(Texts.NoHelpFor(about, SlashCommands.Nearest(SlashCommands.OfLines, about)));
        }

        return true;
    }

    /// <inheritdoc/>
    public bool ChooseLanguage(string? tag)
    {
        if (tag is not null && Language.Find(tag) is { } language)
        {
            Words.Choose(language);
            if (LanguageChoice.Remember(language) is { } problem)
            {
                Say(problem);
            }

            Say(Texts.LanguageIs);
        }
        else
        {
            Say(Texts.Languages);
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Quit()
    {
        _isOver = true;
        return true;
    }

    private bool Join(NodeCommand join)
    {
        _wanted = ChatTarget.Of(join);
        if (_chats.Find(chat => _wanted!.Names(chat)) is { } known)
        {
            _wanted = null;
            Open(known);
        }

        _node.Post(join);
        return true;
    }

    private bool AskNode(NodeCommand command)
    {
        _ = Task.Run(async () =>
        {
            NodeReply reply;
            try
            {
                reply = await _node.AskAsync(command);
            }
            catch (NodeGoneException gone)
            {
                reply = new NodeReply.Refused(RefusalCode.Stopping, gone.Message);
            }

            lock (_gate)
            {
                if (reply is NodeReply.Done && command is NodeCommand.UndoAnswer)
                {
                    Say(Texts.Undone);
                }

                if (reply is NodeReply.Done && RoomLines.DoneBy(command) is { } done)
                {
                    Say(done);
                }

                if (reply is NodeReply.Opened opened)
                {
                    Open(opened.Chat);
                }

                foreach (var line in ReplyLines.Of(reply))
                {
                    Say(line);
                }
            }
        });
        return true;
    }

    private async Task HandOverAsync()
    {
        string sentence;
        try
        {
            using var started = BackgroundNode.Start(_options);
            sentence = await started.FailureAsync(BackgroundNode.StartPatience);
        }
        catch (NodeStartException failed)
        {
            sentence = failed.Message;
        }

        lock (_gate)
        {
            _isDetaching = false;
            Say(sentence);
        }
    }
}
