using System.Globalization;
using PeerChat.Node;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat search</c>: what is stored, by its words.</summary>
internal static class SearchCommand
{
    private static string OneChat => Words.Of("Say --with PEER or --room ROOM, not both.");

    /// <summary>Runs it.</summary>
    public static Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        var text = call.Text("TEXT") ?? throw new UsageException(Words.Of("Say what to search for."));
        var (with, room) = call.OneOf("--with", "--room", OneChat);
        var since = Date(call, "--since", isEnd: false);
        var until = Date(call, "--until", isEnd: true);
        return NodeQuestion.RunAsync(
            call,
            async (node, token) =>
            {
                string? chat = null;
                if (with is not null || room is not null)
                {
                    var target = new ChatTarget(with, room?.TrimStart('#'), null);
                    chat = (await node.AskAsync<NodeReply.Opened>(target.ToJoin(), token)).Chat.Chat;
                }

                return new NodeCommand.SearchMessages(
                    text,
                    chat,
                    call.Text("--from"),
                    since,
                    until,
                    call.Number("--limit")!.Value
                );
            },
            cancellation
        );
    }

    // A day alone means all of it, in the zone of this machine
    private static long? Date(Call call, string name, bool isEnd)
    {
        if (call.Text(name) is not { } text)
        {
            return null;
        }

        if (
            DateTime.TryParseExact(
                text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeLocal,
                out var day
            )
        )
        {
            return new DateTimeOffset(
                isEnd ? day.AddDays(1).AddMilliseconds(-1) : day
            ).ToUnixTimeMilliseconds();
        }

        return DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeLocal,
            out var time
        )
            ? time.ToUnixTimeMilliseconds()
            : throw new UsageException(
                Words.Of($"{name} takes a day (2026-01-31) or a time (2026-01-31T18:00), not '{text}'.")
            );
    }
}
