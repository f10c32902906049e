using PeerChat.Node;
using PeerChat.Terminal.Input;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

/// <summary>Answering, changing and reacting: the input line is about a message until Enter or Esc.</summary>
internal sealed partial class Turn
{
    /// <summary>Reactions that one digit gives; others are typed.</summary>
    public static IReadOnlyList<string> QuickReactions { get; } = ["👍", "❤️", "😂", "😮", "😢", "🎉"];

    /// <summary>Acts on the selected message by letter; false where the letter does nothing with a message.</summary>
    private bool TryAct(ChatMessage message, KeyStroke key)
    {
        switch (key)
        {
            case var _ when key == KeyStroke.Of('r'):
                Compose(ComposingKind.Reply, message);
                return true;
            case var _ when key == KeyStroke.Of('e'):
                Compose(ComposingKind.Edit, message);
                return true;
            case var _ when key == KeyStroke.Of('a'):
                Compose(ComposingKind.React, message);
                return true;
            case var _ when key == KeyStroke.Of('d'):
                AskRecall(message);
                return true;
            default:
                return false;
        }
    }

    private void Compose(ComposingKind kind, ChatMessage message)
    {
        if (WhyNot(message, mustBeOwn: kind == ComposingKind.Edit) is { } problem)
        {
            State = State with { Hint = problem };
            return;
        }

        LeaveComposing();
        var draft = State.Shown.Editor.Text;
        State = State with { Selected = null };
        ChangeShown(pane =>
            pane with
            {
                Composing = new Composing(kind, message, kind == ComposingKind.Reply ? null : draft),
                Editor = kind switch
                {
                    ComposingKind.Edit => pane.Editor.WithText(message.Text),
                    ComposingKind.React => pane.Editor.WithText(""),
                    _ => pane.Editor,
                },
            }
        );
    }

    /// <summary>The input line is the chat's own again, with the draft that stood there.</summary>
    private void LeaveComposing()
    {
        if (State.Shown.Composing is { } composing)
        {
            ChangeShown(pane =>
                pane with
                {
                    Composing = null,
                    Editor = composing.Draft is { } draft ? pane.Editor.WithText(draft) : pane.Editor,
                }
            );
        }
    }

    /// <summary>Gives a key to what is being done with a message; false when it is one for the input line.</summary>
    private bool TryCompose(KeyStroke key)
    {
        if (State.Shown.Composing is not { } composing)
        {
            return false;
        }

        if (key.Is(KeyCode.Escape) || key.IsCtrl('c'))
        {
            LeaveComposing();
            return true;
        }

        var isEmpty = State.Shown.Editor.Text.Length == 0;
        var digit = key.IsText ? key.Character.Value - '1' : -1;
        if (composing.Kind == ComposingKind.React && isEmpty && digit >= 0 && digit < QuickReactions.Count)
        {
            React(composing, QuickReactions[digit]);
            return true;
        }

        return false;
    }

    /// <summary>Does with the text what the input line is about.</summary>
    private void Submit(Composing composing, string text)
    {
        var id = composing.Message.Id;
        switch (composing.Kind)
        {
            case ComposingKind.React:
                React(composing, EmojiNames.Find(text.Trim()) ?? text.Trim());
                break;
            case ComposingKind.Edit when text == composing.Message.Text:
                LeaveComposing();
                break;
            case ComposingKind.Edit:
                Remember(text);
                AskNode(new NodeCommand.EditMessage(State.Current, id, text));
                LeaveComposing();
                break;
            default:
                Remember(text);
                ChangeShown(pane => pane with { Scroll = Terminal.Widgets.LogScroll.AtEnd });
                AskNode(new NodeCommand.SendText(State.Current, text, Reference: null, ReplyTo: id));
                LeaveComposing();
                SaveDraft();
                break;
        }
    }

    // So that nothing is lost where the node refuses it: Up brings it back
    private void Remember(string text)
    {
        SetEditor(State.Shown.Editor.Finish());
        Post(new NodeCommand.RememberInput(State.Current, text));
    }

    /// <summary>Gives a reaction, or takes it back where it is there already.</summary>
    private void React(Composing composing, string emoji)
    {
        LeaveComposing();
        var message = State.Shown.Log.Find(composing.Message.Id) ?? composing.Message;
        var isThere = message.Reactions?.Any(one => one.IsOwn && one.Emoji == emoji) ?? false;
        AskNode(new NodeCommand.React(State.Current, message.Id, emoji, isThere));
    }

    private void AskRecall(ChatMessage message)
    {
        if (WhyNot(message, mustBeOwn: true) is { } problem)
        {
            State = State with { Hint = problem };
            return;
        }

        State = State with
        {
            Selected = null,
            Questions = State.Questions.Insert(0, new Asked.Recall(message) { IsArmed = true }),
        };
    }

    private static string? WhyNot(ChatMessage message, bool mustBeOwn) =>
        mustBeOwn && !message.IsOwn ? Texts.NotOwn
        : message.Content == MessageContent.Recalled ? Texts.AlreadyRecalled
        : message.Content != MessageContent.Text ? Texts.NoContent
        : null;
}
