using System.Globalization;
using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Output;

/// <summary>What the node answers, as lines for people: on the screen, in line mode and from the command line.</summary>
internal static class ReplyLines
{
    /// <summary>A chat.</summary>
    public static string Of(ChatSummary chat) =>
        PlainText.Clean(
            $"{(chat.Kind == ChatKind.OpenRoom ? chat.Chat : chat.Title)}  {Words.Of(JsonLines.Word(chat.Connection))}"
                + (chat.Queued > 0 ? $"  {Texts.Queued(chat.Queued)}" : "")
                + (chat.Detail.Length > 0 ? $"  {Words.FromNode(chat.Detail)}" : "")
        );

    /// <summary>A contact.</summary>
    public static string Of(ContactSummary contact) =>
        PlainText.Clean(
            $"{Texts.Person(contact.Name, contact.ShortId)}{Texts.Alike(contact.LooksLike)}  {Words.Of(JsonLines.Word(contact.Trust))}  "
                + (contact.IsBlocked ? Words.Of("blocked") + "  " : "")
                + (
                    contact.Connected
                        ? Connected(contact.Path)
                        : Words.Of($"last seen {Time(contact.LastSeenUnixMilliseconds)}")
                )
        );

    /// <summary>A request.</summary>
    public static string Of(RequestSummary request) =>
        PlainText.Clean(
            $"{request.Request}  {Texts.Person(request.Name, request.ShortId)}{Texts.Alike(request.LooksLike)}  {Words.Of(JsonLines.Word(request.State))}  {Time(request.AtUnixMilliseconds)}"
        );

    /// <summary>Somebody in a chat.</summary>
    public static string Of(ChatMember member) =>
        PlainText.Clean(
            $"{(member.ShortId.Length > 0 ? Texts.Person(member.Name, member.ShortId) : member.Name)}{Texts.Alike(member.LooksLike)}  "
                + (
                    member.IsSelf ? Words.Of("yourself")
                    : member.Connected ? Connected(member.Path)
                    : Words.Of("not connected")
                )
        );

    /// <summary>How the node is.</summary>
    public static IEnumerable<string> Of(NodeStatus node)
    {
        yield return PlainText.Clean(
            (
                node.Interfaces.Length == 0
                    ? Words.Of($"You are {Texts.Person(node.Name, node.ShortId)}; no network is up.")
                    : Words.Of(
                        $"You are {Texts.Person(node.Name, node.ShortId)} on {string.Join(", ", node.Interfaces)}, UDP port {node.Port}."
                    )
            )
                + " "
                + node.AnnouncesName switch
                {
                    true => Words.Of("Your name is announced."),
                    false => Words.Of("Your name is not announced."),
                    null => Words.Of("Whether your name is announced was not asked yet."),
                }
        );
        yield return PlainText.Clean(
            Words.Of(
                $"Process {node.ProcessId} runs the node since {Time(node.StartedUnixMilliseconds)}, version {node.Version}, profile {node.Profile}."
            )
        );
        yield return string.Join(
            Words.Of(", "),
            Words.Count(node.Chats, $"{node.Chats} chat", $"{node.Chats} chats"),
            Words.Count(
                node.Connected,
                $"{node.Connected} person connected",
                $"{node.Connected} people connected"
            ),
            Words.Count(node.Queued, $"{node.Queued} message queued", $"{node.Queued} messages queued"),
            Words.Count(
                node.Requests,
                $"{node.Requests} request waiting",
                $"{node.Requests} requests waiting"
            ),
            Words.Count(
                node.DroppedDatagrams,
                $"{node.DroppedDatagrams} datagram dropped",
                $"{node.DroppedDatagrams} datagrams dropped"
            )
        );
        if (node.Relayed > 0)
        {
            yield return Words.Count(
                node.Relayed,
                $"{node.Relayed} person is connected through a relay.",
                $"{node.Relayed} people are connected through a relay."
            );
        }

        foreach (var relay in node.MemberRelays)
        {
            yield return Words.Of($"{relay.Name} is relayed by {relay.By}.");
        }

        if (node.Relaying > 0)
        {
            yield return Words.Count(
                node.Relaying,
                $"Passing sealed packets on between {node.Relaying} pair of members.",
                $"Passing sealed packets on between {node.Relaying} pairs of members."
            );
        }

        if (node.RelayOnly)
        {
            yield return Words.Of(
                "Relays only: nobody is given an address of this machine, and the local network is not used."
            );
        }

        if (node.HidesAddresses)
        {
            yield return Words.Of("Only who is on the same network is given the addresses of this machine.");
        }

        foreach (var server in node.Servers)
        {
            yield return PlainText.Clean(
                server.Address.Length > 0
                    ? Words.Of($"{server.Server} gives you the address {server.Address}.")
                : server.Problem.Length > 0 ? $"{server.Server} {server.Problem}."
                : Words.Of($"{server.Server} is being asked.")
            );
        }

        foreach (var service in node.Services)
        {
            yield return PlainText.Clean(
                service.State switch
                {
                    "ready" => Words.Of($"{service.Endpoint} carries offers."),
                    "failed" => $"{service.Endpoint} {Words.FromNode(service.Problem)}.",
                    "connecting" => Words.Of($"{service.Endpoint} is being reached."),
                    _ => Words.Of($"{service.Endpoint} is not needed at the moment."),
                }
            );
        }

        foreach (var face in node.Faces)
        {
            yield return PlainText.Clean(
                face.ProcessId > 0
                    ? Words.Of(
                        $"Attached: {face.Kind} (process {face.ProcessId}) since {Time(face.SinceUnixMilliseconds)}."
                    )
                    : Words.Of($"Attached: {face.Kind} since {Time(face.SinceUnixMilliseconds)}.")
            );
        }
    }

    /// <summary>The lines of an answer that is a list; none for others.</summary>
    public static IEnumerable<string> Of(NodeReply reply) =>
        reply switch
        {
            NodeReply.Contacts { All.Length: 0 } => [Texts.NoContacts],
            NodeReply.Contacts contacts => contacts.All.Select(Of),
            NodeReply.Requests { All.Length: 0 } => [Texts.NoRequests],
            NodeReply.Requests requests => requests.All.Select(Of),
            NodeReply.Safety safety => SafetyLines.Of(safety),
            NodeReply.Opened opened => [Of(opened.Chat)],
            NodeReply.Invited invited => RoomLines.Of(invited),
            NodeReply.Invitations { All.Length: 0 } => [Words.Of("No invitation is open.")],
            NodeReply.Invitations invitations => invitations.All.Select(RoomLines.Of),
            NodeReply.PastedCode code => MeetingLines.Of(code),
            NodeReply.Diagnosis diagnosis => MeetingLines.Of(diagnosis),
            NodeReply.Members members => RoomLines.Of(members),
            NodeReply.Status status => Of(status.Node),
            NodeReply.Settings settings => Of(settings.All),
            NodeReply.Retention retention => [KeepingLines.Of(retention)],
            NodeReply.SearchResult { Messages.Length: 0 } => [Texts.NothingFound],
            NodeReply.SearchResult found => found
                .Messages.Select(LineWriter.Format)
                .Concat(found.HasMore ? [Texts.MoreFound] : []),
            NodeReply.Files { All.Length: 0 } => [Words.Of("There are no files.")],
            NodeReply.Files files => files.All.Select(FileLines.Of),
            NodeReply.FileStarted started => [FileLines.Of(started.File)],
            NodeReply.Changed changed => [LineWriter.Format(changed.Message)],
            NodeReply.Accepted accepted => [LineWriter.Format(accepted.Message)],
            NodeReply.Refused refused => [PlainText.Clean(Words.FromNode(refused.Text))],
            _ => [],
        };

    private static IEnumerable<string> Of(ChatOptions options)
    {
        yield return Line(Words.Of("read receipts"), options.ReadReceipts, options.ReadReceiptsIsOwn);
        yield return Line(Words.Of("typing notices"), options.Typing, options.TypingIsOwn);
        yield return $"{Words.Of("files that come by themselves")}: {Of(options.AutoFetch)}"
            + Inherited(options.AutoFetchIsOwn);

        string Line(string what, bool isOn, bool isOwn) =>
            $"{what}: {(isOn ? Words.Of("on") : Words.Of("off"))}" + Inherited(isOwn);

        string Inherited(bool isOwn) =>
            options.Chat is not null && !isOwn ? $" ({Words.Of("as for all chats")})" : "";
    }

    private static string Of(AutoFetch wanted) =>
        wanted switch
        {
            AutoFetch.Nothing => Words.Of("none"),
            AutoFetch.All => Words.Of("all up to 64 MiB"),
            _ => Words.Of("pictures of contacts up to 1 MiB"),
        };

    private static string Connected(ConnectionPath path) =>
        path == ConnectionPath.Relayed ? Words.Of("connected through a relay") : Words.Of("connected");

    /// <summary>A time of this machine's zone, to the minute.</summary>
    public static string Time(long unixMilliseconds) =>
        DateTimeOffset
            .FromUnixTimeMilliseconds(unixMilliseconds)
            .ToLocalTime()
            .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
