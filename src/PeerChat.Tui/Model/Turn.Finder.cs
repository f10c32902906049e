using System.Collections.Immutable;
using System.Globalization;
using PeerChat.Node;
using PeerChat.Terminal.Input;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

/// <summary>The search, and the way to what it found.</summary>
internal sealed partial class Turn
{
    /// <summary>Messages read at once on the way to an old one: fewer round trips than with screens full.</summary>
    public const int JumpPage = 2000;

    /// <inheritdoc/>
    public bool Search(string words)
    {
        OpenFinder(words, State.Shown.IsConsole ? null : State.Current);
        AskFinder();
        return true;
    }

    private void OpenFinder(string words, string? chat) =>
        State = State with
        {
            Finder = new Finder(words[..Math.Min(words.Length, Finder.MaxQuery)], chat),
            Chooser = null,
            Selected = null,
        };

    private void HandleFinder(Finder finder, KeyStroke key)
    {
        switch (key)
        {
            case var _ when key.Is(KeyCode.Escape) || key.IsCtrl('c') || key.IsCtrl('g'):
                State = State with { Finder = null };
                break;
            case var _ when key.Is(KeyCode.Enter):
                Enter(finder);
                break;
            case var _ when key.Is(KeyCode.Up) || key.IsCtrl('p'):
                Choose(finder, -1);
                break;
            case var _ when key.Is(KeyCode.Down) || key.IsCtrl('n') || key.IsCtrl('r'):
                Choose(finder, 1);
                break;
            case var _ when key.Is(KeyCode.PageUp):
                Choose(finder, -State.Size.Rows / 2);
                break;
            case var _ when key.Is(KeyCode.PageDown):
                Choose(finder, State.Size.Rows / 2);
                break;
            case var _ when key.Is(KeyCode.Tab) && !State.Shown.IsConsole:
                State = State with
                {
                    Finder = new Finder(finder.Query, finder.Chat is null ? State.Current : null),
                };
                AskFinder();
                break;
            case var _ when key.Is(KeyCode.Backspace) && finder.Query.Length > 0:
                var elements = StringInfo.ParseCombiningCharacters(finder.Query);
                Type(finder, finder.Query[..elements[^1]]);
                break;
            case var _ when key.IsCtrl('u'):
                Type(finder, "");
                break;
            case var _ when key.IsText && finder.Query.Length < Finder.MaxQuery:
                Type(finder, finder.Query + key.Character);
                break;
            default:
                break;
        }
    }

    private void Type(Finder finder, string query)
    {
        State = State with { Finder = finder with { Query = query } };
        _effects.Add(new AppEffect.Wake(Finder.Pause));
    }

    private void Choose(Finder finder, int step)
    {
        var last = Math.Max(0, (finder.Found?.Length ?? 0) - 1);
        State = State with
        {
            Finder = finder with { Selected = Math.Clamp(finder.Selected + step, 0, last) },
        };
    }

    /// <summary>Asks the node, unless it was asked the same.</summary>
    private void AskFinder()
    {
        if (State.Finder is not { } finder || finder.Wanted == finder.Asked)
        {
            return;
        }

        State = State with { Finder = finder with { Asked = finder.Wanted, Found = null, Selected = 0 } };
        if (finder.Wanted is { } wanted)
        {
            AskNode(wanted);
        }
    }

    /// <summary>Takes an answer that the search waits for; an answer to older words is dropped.</summary>
    /// <returns>Whether it was for the search.</returns>
    private bool TakeFound(NodeCommand command, NodeReply reply)
    {
        if (command is not NodeCommand.SearchMessages)
        {
            return false;
        }

        if (State.Finder is { } finder && command.Equals(finder.Asked))
        {
            var found = reply is NodeReply.SearchResult result
                ? result.Messages.ToImmutableArray()
                : ImmutableArray<ChatMessage>.Empty;
            State = State with { Finder = finder with { Found = found } };
            return reply is not NodeReply.Refused;
        }

        return true;
    }

    private void Enter(Finder finder)
    {
        if (finder.Wanted != finder.Asked)
        {
            AskFinder();
        }
        else if (finder.Found is { Length: > 0 } found)
        {
            var message = found[Math.Min(finder.Selected, found.Length - 1)];
            State = State with { Finder = null };
            Go(message.Chat);
            State = State with { JumpTo = message };
            Jump();
        }
    }

    /// <summary>Goes to the message that is to be shown, or asks for what lies between.</summary>
    private void Jump()
    {
        if (State.JumpTo is not { } message)
        {
            return;
        }

        var pane = State.Shown;
        if (pane.Key != message.Chat)
        {
            State = State with { JumpTo = null };
            return;
        }

        // Searched messages that the log has not on their own would leave a gap, so all between comes too
        var index = pane.Log.Entries.FindIndex(entry => entry.Message?.Id == message.Id);
        if (index >= 0)
        {
            // Shown as selected, but the next letter is a letter: who has found something goes on writing
            State = State with
            {
                JumpTo = null,
                Found = pane.Log.Entries[index].Key,
            };
            Show(index);
            if (index == 0 || NextMessage(index, -1) is null)
            {
                LoadOlder();
            }

            return;
        }

        if (!pane.HasFirstPage || pane.IsLoadingOlder)
        {
            return; // what comes goes on here
        }

        LoadOlder(JumpPage);
        if (!State.Shown.IsLoadingOlder)
        {
            State = State with { JumpTo = null, Hint = Texts.TooFarBack };
        }
    }
}
