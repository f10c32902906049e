using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Model;

namespace PeerChat.Tui.Commands;

/// <summary>Commands about messages that are there already, and about people: one question to the node each.</summary>
internal static class ContentCommands
{
    private static string NoTarget => Words.Of("Say either --to PEER or --room ROOM.");

    /// <summary>Gives a message another text.</summary>
    public static Task<int> EditAsync(Call call, CancellationToken cancellation)
    {
        var (message, text) = (Needed(call, "MESSAGE"), MessageText.Read(call.Text("TEXT")));
        return InChatAsync(call, chat => new NodeCommand.EditMessage(chat, message, text), cancellation);
    }

    /// <summary>Answers a message.</summary>
    public static Task<int> ReplyAsync(Call call, CancellationToken cancellation)
    {
        var (message, text) = (Needed(call, "MESSAGE"), MessageText.Read(call.Text("TEXT")));
        var reference = Reference.Make();
        return InChatAsync(
            call,
            chat => new NodeCommand.SendText(chat, text, reference, message),
            cancellation
        );
    }

    /// <summary>Reacts to a message.</summary>
    public static Task<int> ReactAsync(Call call, CancellationToken cancellation)
    {
        var (message, emoji) = (Needed(call, "MESSAGE"), Needed(call, "EMOJI"));
        return InChatAsync(
            call,
            chat => new NodeCommand.React(chat, message, emoji, call.Flag("--remove")),
            cancellation
        );
    }

    /// <summary>Takes a message back.</summary>
    public static Task<int> RecallAsync(Call call, CancellationToken cancellation)
    {
        var message = Needed(call, "MESSAGE");
        return InChatAsync(call, chat => new NodeCommand.RecallMessage(chat, message), cancellation);
    }

    /// <summary>Says what others learn.</summary>
    public static Task<int> ReceiptsAsync(Call call, CancellationToken cancellation)
    {
        var option = call.Text("WHAT") == "typing" ? ChatOption.Typing : ChatOption.ReadReceipts;
        var value = call.Text("VALUE");
        NodeCommand Make(string? chat) =>
            value is null
                ? new NodeCommand.GetChatOptions(chat)
                : new NodeCommand.SetChatOption(option, ValueOf(value), chat);
        var (to, room) = call.OneOf("--to", "--room", NoTarget);
        return to is null && room is null
            ? NodeQuestion.RunAsync(call, (_, _) => Task.FromResult(Make(null)), cancellation)
            : InChatAsync(call, Make, cancellation);
    }

    /// <summary>Blocks somebody.</summary>
    public static Task<int> BlockAsync(Call call, CancellationToken cancellation) =>
        NodeQuestion.RunAsync(
            call,
            (_, _) =>
                Task.FromResult<NodeCommand>(
                    new NodeCommand.BlockPeer(Needed(call, "PEER"), call.Flag("--purge"))
                ),
            cancellation
        );

    /// <summary>Takes a block back.</summary>
    public static Task<int> UnblockAsync(Call call, CancellationToken cancellation) =>
        NodeQuestion.RunAsync(
            call,
            (_, _) => Task.FromResult<NodeCommand>(new NodeCommand.UnblockPeer(Needed(call, "PEER"))),
            cancellation
        );

    /// <summary>Shows or compares a safety number.</summary>
    public static Task<int> VerifyAsync(Call call, CancellationToken cancellation) =>
        NodeQuestion.RunAsync(
            call,
            (_, _) =>
                Task.FromResult<NodeCommand>(
                    new NodeCommand.VerifyPeer(Needed(call, "PEER"), call.Text("NUMBER"), call.Flag("--undo"))
                ),
            cancellation
        );

    /// <summary>The slash form: of the chat shown where it names nobody, and a number in groups is one number.</summary>
    public static bool Verify(IChatCommands chat, string[] words)
    {
        var isNamed = words.Length > 0 && words[0] != "undo" && !IsOfDigits(words[0]);
        var rest = words[(isNamed ? 1 : 0)..];
        var isUndo = rest is ["undo"];
        if (!isUndo && !rest.All(IsOfDigits))
        {
            return false;
        }

        var number = isUndo || rest.Length == 0 ? null : string.Join(' ', rest);
        NodeCommand Make(string who) => new NodeCommand.VerifyPeer(who, number, isUndo);
        return isNamed ? chat.AskOfNode(Make(words[0])) : chat.AskOfChat(Make);
    }

    private static bool IsOfDigits(string word) => word.All(c => char.IsAsciiDigit(c) || c == '-');

    /// <summary>The slash form of an option; without a word it says what holds.</summary>
    public static bool SetOption(IChatCommands chat, ChatOption option, string[] words) =>
        words switch
        {
            [] => chat.AskOfChat(key => new NodeCommand.GetChatOptions(key)),
            ["on" or "off" or "default"] => chat.AskOfChat(key => new NodeCommand.SetChatOption(
                option,
                ValueOf(words[0]),
                key
            )),
            _ => false,
        };

    private static bool? ValueOf(string word) => word == "default" ? null : word == "on";

    private static string Needed(Call call, string name) =>
        call.Text(name)
        ?? throw new UsageException(Words.Of($"Say {name}; 'peerchat {call.Row.Name} --help' shows how."));

    private static Task<int> InChatAsync(
        Call call,
        Func<string, NodeCommand> make,
        CancellationToken cancellation
    )
    {
        var (to, room) = call.OneOf("--to", "--room", NoTarget);
        if (to is null && room is null)
        {
            throw new UsageException(NoTarget);
        }

        var target = new ChatTarget(to, room?.TrimStart('#'), null);
        return NodeQuestion.RunAsync(
            call,
            async (node, token) =>
                make((await node.AskAsync<NodeReply.Opened>(target.ToJoin(), token)).Chat.Chat),
            cancellation
        );
    }
}
