using PeerChat.Node;
using PeerChat.Terminal.Widgets;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

internal sealed partial class Turn
{
    private void HandleNode(NodeEvent happened)
    {
        switch (happened)
        {
            case NodeEvent.Ready ready:
                Begin(ready);
                break;
            case NodeEvent.OwnerChanged owner:
                TakeOwner(owner);
                break;
            case NodeEvent.InStep inStep:
                TakeStep(inStep.Resumed);
                break;
            case NodeEvent.ChatChanged changed:
                PutChat(changed.Chat);
                break;
            case NodeEvent.ChatReplaced replaced:
                ReplaceChat(replaced.OldChat, replaced.Chat);
                break;
            case NodeEvent.ChatRemoved removed:
                RemoveChat(removed.Chat);
                break;
            case NodeEvent.MessageShown shown:
                Show(shown.Message);
                break;
            case NodeEvent.MessageReplaced replaced:
                ChangeLog(replaced.Message.Chat, log => log.Put(replaced.OldId, replaced.Message));
                break;
            case NodeEvent.MessageStateChanged changed:
                ChangeLog(changed.Chat, log => log.Mark(changed.Message, changed.State, changed.DeliveredTo));
                break;
            case NodeEvent.MessageChanged changed:
                ChangeLog(
                    changed.Message.Chat,
                    log => log.Find(changed.Message.Id) is null ? log : log.Put(changed.Message)
                );
                break;
            case NodeEvent.FileChanged changed:
                TakeFile(changed);
                break;
            case NodeEvent.TypingChanged typing:
                State = State.With(
                    typing.Chat,
                    pane =>
                        pane with
                        {
                            Typing = typing.IsTyping
                                ? pane.Typing.Remove(typing.Name, StringComparer.Ordinal).Add(typing.Name)
                                : pane.Typing.Remove(typing.Name, StringComparer.Ordinal),
                        }
                );
                break;
            case NodeEvent.MessageHidden hidden:
                ChangeLog(hidden.Chat, log => log.Without(hidden.Message));
                break;
            case NodeEvent.HistoryChanged changed:
                Reload(changed.Chat);
                break;
            case NodeEvent.HistoryLoaded loaded:
                TakeHistory(loaded);
                break;
            case NodeEvent.Notice notice:
                if (notice.Code is NoticeCode.NoNetwork or NoticeCode.NetworkUp)
                {
                    State = State with { HasNetwork = notice.Code == NoticeCode.NetworkUp };
                }

                Say(
                    notice.Chat ?? Pane.ConsoleKey,
                    notice.Text,
                    notice.Code
                        is NoticeCode.IdentityChanged
                            or NoticeCode.ConnectionRefused
                            or NoticeCode.StorageTrouble
                            or NoticeCode.NoNetwork
                );
                break;
            case NodeEvent.JoinFailed failed:
                Say(PaneOf(failed.Target)?.Key ?? State.Current, failed.Text, isWarning: true);
                break;
            case NodeEvent.Stopped stopped:
                State = State with { Failure = stopped.Failure };
                End(stopped.Failure is null ? ExitCode.Done : ExitCode.Storage);
                break;
            default:
                HandleQuestion(happened);
                break;
        }
    }

    private void Begin(NodeEvent.Ready ready)
    {
        if (State.Self is null)
        {
            Say(Pane.ConsoleKey, Texts.YouAre(ready));
        }

        State = State with
        {
            Self = ready,
            HasNetwork = ready.Interfaces.Length > 0,
            Questions = [.. State.Questions.Select(asked => asked with { IsStale = !asked.IsModal })],
            // Guests end with the node that had them; of those who are here it tells anew
            Panes = State.Panes.ConvertAll(pane =>
                pane.Chat is { Kind: ChatKind.Guest } guest
                    ? pane with
                    {
                        Chat = guest with { Connection = ConnectionState.Idle, Detail = "gone" },
                    }
                    : pane
            ),
        };
    }

    private void TakeOwner(NodeEvent.OwnerChanged owner)
    {
        var isFirst = State.Owner is null;
        State = State with { Owner = owner };
        if (State.IsDetaching && owner is { IsThisProcess: false, ProcessId: > 0 })
        {
            End(ExitCode.Done);
        }
        else if (!isFirst || !owner.IsThisProcess)
        {
            Say(Pane.ConsoleKey, Texts.OwnerIs(owner));
        }
    }

    private void TakeStep(bool resumed)
    {
        if (!resumed)
        {
            Drop(asked => asked.IsStale);
            State = State with { Reading = null }; // another node tells of its own files
        }

        State = State with
        {
            Questions = [.. State.Questions.Select(asked => asked with { IsStale = false })],
        };
        if (State.WasInStep && !resumed)
        {
            foreach (var pane in State.Panes)
            {
                Reload(pane.Key);
            }
        }

        State = State with { WasInStep = true };
    }

    private Pane? PaneOf(string target) =>
        State.Find(target)
        ?? State.Panes.Find(pane =>
            pane.Chat is { } chat
            && (
                new ChatTarget(target, null, null).Names(chat)
                || new ChatTarget(null, target.TrimStart('#'), null).Names(chat)
            )
        );

    private void ChangeLog(string chat, Func<PaneLog, PaneLog> change) =>
        State = State.With(chat, pane => pane with { Log = change(pane.Log) });

    private void PutChat(ChatSummary chat)
    {
        if (chat.Connection == ConnectionState.Connected)
        {
            DropChoice(chat.Chat);
        }

        if (State.Find(chat.Chat) is { } known)
        {
            // Another face may have read what is unread here
            var isRead = chat.ReadTo > Math.Max(known.MarkedTo, known.Chat?.ReadTo ?? 0);
            var isUnread = chat.ReadTo < (known.Chat?.ReadTo ?? 0) && known.Key != State.Current;
            State = State.With(
                chat.Chat,
                pane =>
                    pane with
                    {
                        Chat = chat,
                        Unread =
                            isRead ? Math.Min(pane.Unread, chat.Unread)
                            : isUnread ? chat.Unread
                            : pane.Unread,
                        MarkedTo = isUnread ? chat.ReadTo : pane.MarkedTo,
                        Highlights = isRead && chat.Unread == 0 ? 0 : pane.Highlights,
                    }
            );
        }
        else
        {
            State = State with { Panes = State.Panes.Add(Pane.Of(chat)) };
            if (chat.Unread > 0)
            {
                Load(chat.Chat); // what names the user among it is to be seen in the list
            }
        }

        OpenIfWanted(chat);
    }

    private void OpenIfWanted(ChatSummary chat)
    {
        if (State.Wanted is { } wanted ? !wanted.Names(chat) : !State.OpensFirst || !State.Shown.IsConsole)
        {
            return;
        }

        // What was begun before the chat was there goes on in it
        var begun = State.Shown.IsConsole ? State.Shown.Editor.Text : "";
        State = State with { Wanted = null, OpensFirst = false };
        if (begun.Length > 0 && !begun.StartsWith('/') && State.Find(chat.Chat)!.Editor.Text.Length == 0)
        {
            SetEditor(State.Shown.Editor.WithText(""));
            State = State.With(chat.Chat, pane => pane with { Editor = pane.Editor.WithText(begun) });
        }

        Open(chat.Chat);
        foreach (var text in State.TypedAhead)
        {
            Post(new NodeCommand.SendText(chat.Chat, text));
        }

        State = State with { TypedAhead = [] };
    }

    private void ReplaceChat(string oldKey, ChatSummary chat)
    {
        DropChoice(oldKey);
        if (State.Find(oldKey) is not { } old)
        {
            PutChat(chat);
            return;
        }

        var wasShown = State.Current == oldKey;
        var next = State.Find(chat.Chat) is { } known
            ? known with
            {
                Chat = chat,
                // What was being written to the name goes on to the key
                Editor = known.Editor.Text.Length > 0 ? known.Editor : old.Editor,
                Unread = known.Unread + old.Unread,
                Log = old
                    .Log.Entries.Where(entry => entry.Message is not null)
                    .Aggregate(known.Log, (log, entry) => log.Put(entry.Message!)),
            }
            : old with
            {
                Key = chat.Chat,
                Chat = chat,
            };
        // The key may have a history that the name had not
        next = next with
        {
            IsLoaded = false,
            HasFirstPage = next.HasFirstPage && next.Key == old.Key,
            HasOlder = true,
        };
        var panes = State.Panes.RemoveAll(pane => pane.Key == chat.Chat && pane.Key != oldKey);
        State = State with
        {
            Panes = panes.SetItem(panes.FindIndex(pane => pane.Key == oldKey), next),
            Current = wasShown ? chat.Chat : State.Current,
        };
        if (State.Current == chat.Chat)
        {
            Open(chat.Chat);
        }
        else
        {
            OpenIfWanted(chat);
        }
    }

    // What was being written is not thrown away with the chat: it stands in the program's own pane, from where it can be sent elsewhere
    private void RemoveChat(string key)
    {
        if (State.Find(key) is not { Chat: { } chat } pane)
        {
            return;
        }

        DropChoice(key);
        Drop(asked => asked is Asked.Outbox known && known.Question.Chat == key);
        var wasShown = State.Current == key;
        State = State with
        {
            Panes = State.Panes.Remove(pane),
            Current = wasShown ? Pane.ConsoleKey : State.Current,
        };
        Say(Pane.ConsoleKey, Texts.Removed(chat));
        if (wasShown && pane.Editor.Text.Length > 0 && State.Shown.Editor.Text.Length == 0)
        {
            SetEditor(State.Shown.Editor.WithText(pane.Editor.Text));
        }
    }

    private void Trim(Pane pane)
    {
        var most = pane.Scroll.IsAtEnd ? PaneLog.MaxLines : PaneLog.MaxLinesReading;
        if (pane.Log.Entries.Count <= most)
        {
            return;
        }

        var log = pane.Log.Trimmed(most);
        var isTopGone =
            pane.Scroll.TopKey is { } top
            && pane.Log.Entries.Take(pane.Log.Entries.Count - most).Any(entry => entry.Key == top);
        State = State.With(
            pane.Key,
            full => full with { Log = log, HasOlder = true, Scroll = isTopGone ? StartOf(log) : full.Scroll }
        );
    }

    private LogScroll StartOf(PaneLog log)
    {
        var (lines, view) = LinesOf(log);
        return LogScroll.AtStart(lines, view);
    }

    private void Show(ChatMessage message)
    {
        ChangeLog(message.Chat, log => log.Put(message));
        AskForPreview(message.File);
        if (State.Find(message.Chat) is not { } pane)
        {
            return;
        }

        Trim(pane);
        var isShown = message.Chat == State.Current;
        MarkRead(message);

        if (message.IsOwn)
        {
            return;
        }

        var isHighlight = State.Self is { } self && Mentions.Has(message.Text, self.Name);
        if (isShown && State.Glance is { } glance)
        {
            State = State with
            {
                Glance = new Glance(glance.Unread + 1, glance.Highlights + (isHighlight ? 1 : 0)),
            };
        }

        if (isShown && State.HasFocus)
        {
            return;
        }

        State = State.With(
            pane.Key,
            unread =>
                unread with
                {
                    Unread = unread.Unread + (isShown ? 0 : 1),
                    Highlights = unread.Highlights + (isHighlight && !isShown ? 1 : 0),
                    Log = unread.Log.HasRule ? unread.Log : unread.Log.WithRule(message.Id),
                }
        );
        var isTold = State.Look.Notify switch
        {
            NotifyAbout.Off => false,
            NotifyAbout.All => true,
            _ => isHighlight || pane.Chat?.Kind is ChatKind.Direct or ChatKind.Guest,
        };
        // What was told before the node was in step is nothing new
        if (State.WasInStep && isTold)
        {
            Ring(Texts.Notice(message, pane.Chat));
        }
    }

    private void Reload(string chat)
    {
        if (State.Find(chat) is not { IsLoaded: true } pane)
        {
            return;
        }

        var count = Math.Clamp(pane.Log.Entries.Count, HistoryPage, PaneLog.MaxLines);
        Post(new NodeCommand.LoadHistory(chat, count));
    }

    private void TakeHistory(NodeEvent.HistoryLoaded loaded)
    {
        if (State.Find(loaded.Chat) is not { } pane)
        {
            return;
        }

        var log = pane.HasFirstPage
            ? loaded.Messages.Aggregate(pane.Log, (log, message) => log.Put(message))
            : pane.Log.PutFirstPage(loaded.Messages);
        // A page that ends above what is here says nothing about what is older than all of it
        var reachesTop =
            pane.IsLoadingOlder
            || pane.Log.Oldest is null
            || (loaded.Messages.Length > 0 && log.Oldest?.Id == loaded.Messages[0].Id);
        State = State.With(
            loaded.Chat,
            before =>
                before with
                {
                    Log = log,
                    HasFirstPage = true,
                    IsLoadingOlder = false,
                    HasOlder = reachesTop ? loaded.HasOlder : before.HasOlder,
                }
        );
        foreach (var message in loaded.Messages)
        {
            AskForPreview(message.File);
        }

        ShowUnread(loaded);
        MarkShownRead();
        Jump();
    }
}
