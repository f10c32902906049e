using System.Globalization;
using PeerChat.Node;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

internal sealed partial class Turn
{
    private void RunCommand(string line)
    {
        var words = line.Split(
            (char[])[' ', '\n', '\t'],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        if (SlashCommands.Find(words[0]) is not { } command)
        {
            Say(State.Current, Texts.UnknownCommand(words[0]));
        }
        else if (!command.Run(this, words[1..]))
        {
            Say(State.Current, Texts.Usage(command.Name, command.Arguments));
        }
    }

    private void Complete()
    {
        var editor = State.Shown.Editor;
        if (!editor.Text.StartsWith('/') || editor.Cursor != editor.Text.Length)
        {
            return;
        }

        var names = SlashCommands.Completions(editor.Text);
        if (names.Count == 0)
        {
            return;
        }

        var common = names.Aggregate(CommonStart);
        SetEditor(editor.WithText(names.Count == 1 ? common + " " : common));
        State = State with { Hint = names.Count > 1 ? string.Join("  ", names) : null };
        NoteTyping();
    }

    private static string CommonStart(string left, string right) =>
        left[..left.AsSpan().CommonPrefixLength(right)];

    /// <summary>Joins a person, and shows the chat as soon as there is one.</summary>
    public bool JoinPeer(string target, string? address) => Join(new NodeCommand.JoinPeer(target, address));

    /// <summary>Joins a room, and shows it as soon as it is there.</summary>
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

    /// <summary>Opens a chat by its number in the list; 0 is the program's own pane.</summary>
    public bool OpenNumber(string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        if (number < State.Panes.Count)
        {
            Go(State.Panes[number].Key);
        }
        else
        {
            State = State with { Hint = Texts.NoSuchChat };
        }

        return true;
    }

    /// <summary>Opens the next chat with something unread, counted from the one shown.</summary>
    public bool OpenUnread()
    {
        var index = State.Panes.FindIndex(pane => pane.Key == State.Current);
        var order = State.Panes.Skip(index + 1).Concat(State.Panes.Take(index + 1));
        if (order.FirstOrDefault(pane => pane.Unread > 0) is { } next)
        {
            Go(next.Key);
        }
        else
        {
            State = State with { Hint = Texts.NothingUnread };
        }

        return true;
    }

    /// <summary>Lists the chats in the log.</summary>
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

    /// <summary>Shows the table of commands and the keys in the log.</summary>
    public bool Help()
    {
        Say(State.Current, Texts.HelpHead);
        var width = SlashCommands.All.Max(command => command.Name.Length + 1 + command.Arguments.Length);
        foreach (var command in SlashCommands.All)
        {
            var form = $"{command.Name} {command.Arguments}".PadRight(width);
            Say(State.Current, $"{form}  {command.Help}");
        }

        Say(State.Current, Texts.HelpKeys);
        Say(State.Current, Texts.HelpMarks);
        return true;
    }

    /// <summary>Draws everything anew.</summary>
    public bool Redraw()
    {
        _effects.Add(new AppEffect.Redraw());
        return true;
    }

    /// <summary>Ends the program.</summary>
    public bool Quit()
    {
        End(ExitCode.Done);
        return true;
    }
}
