using System.Globalization;
using System.Text.Json;
using PeerChat.Node;
using PeerChat.Node.Files;

namespace PeerChat.Tui.Output;

/// <summary>What the node knows, as JSON lines; fields as <c>docs/SCRIPTING.md</c> describes them.</summary>
internal static class JsonLines
{
    /// <summary>The version of the format.</summary>
    public const int Version = 1;

    /// <summary>A chat.</summary>
    public static string Of(ChatSummary chat) =>
        JsonSerializer.Serialize(
            new JsonChat(
                Version,
                "room",
                chat.Chat,
                chat.Title,
                Word(chat.Kind),
                Word(chat.Connection),
                chat.Detail,
                chat.Queued,
                [
                    .. chat.Members.Select(member => new JsonMember(
                        member.Name,
                        member.PeerId,
                        member.Connected,
                        member.IsSelf,
                        Word(member.Trust),
                        Word(member.Path),
                        member.LooksLike
                    )),
                ]
            ),
            JsonShapes.Default.JsonChat
        );

    /// <summary>A backup that was written.</summary>
    public static string OfBackup(string name, string file, long bytes, bool isProtected) =>
        JsonSerializer.Serialize(
            new JsonBackup(Version, "backup", name, file, bytes, isProtected),
            JsonShapes.Default.JsonBackup
        );

    /// <summary>For how long a chat is kept.</summary>
    public static string Of(NodeReply.Retention retention) =>
        JsonSerializer.Serialize(
            new JsonRetention(Version, "retention", retention.Chat, retention.KeepSeconds, retention.Deletes),
            JsonShapes.Default.JsonRetention
        );

    /// <summary>A bundle that was written.</summary>
    public static string OfBundle(string chat, string file, long bytes) =>
        JsonSerializer.Serialize(
            new JsonBundle(Version, "bundle", chat, file, bytes),
            JsonShapes.Default.JsonBundle
        );

    /// <summary>A bundle that was taken in.</summary>
    public static string OfBundleTaken(string chat, string file, int entries) =>
        JsonSerializer.Serialize(
            new JsonBundleTaken(Version, "bundle-imported", chat, file, entries),
            JsonShapes.Default.JsonBundleTaken
        );

    /// <summary>The first line of an export.</summary>
    public static string OfExport(string chat, string title) =>
        JsonSerializer.Serialize(
            new JsonExport(Version, "export", chat, title),
            JsonShapes.Default.JsonExport
        );

    /// <summary>The last line of an export.</summary>
    public static string OfExportEnd(int messages) =>
        JsonSerializer.Serialize(
            new JsonExportEnd(Version, "end", messages),
            JsonShapes.Default.JsonExportEnd
        );

    /// <summary>An export that was written.</summary>
    public static string OfExported(string chat, string file, int messages) =>
        JsonSerializer.Serialize(
            new JsonExported(Version, "exported", chat, file, messages),
            JsonShapes.Default.JsonExported
        );

    /// <summary>What was imported.</summary>
    public static string OfImported(Node.NodeReply.MessagesImported imported) =>
        JsonSerializer.Serialize(
            new JsonImported(
                Version,
                "imported",
                imported.Chat,
                imported.Added,
                imported.Known,
                imported.TooOld
            ),
            JsonShapes.Default.JsonImported
        );

    /// <summary>What a command was to do was done, and there is nothing more to say.</summary>
    public static string OfDone(string command) =>
        JsonSerializer.Serialize(new JsonDone(Version, "done", command), JsonShapes.Default.JsonDone);

    /// <summary>What came of a repair.</summary>
    public static string Of(RepairReport report) =>
        JsonSerializer.Serialize(
            new JsonRepair(
                Version,
                "repair",
                report.IsSound,
                report.Contacts,
                report.ContactsAreDamaged,
                report.RecoveredContacts,
                report.Rooms,
                report.Entries,
                report.Dropped,
                report.DamagedRows,
                report.IsSound ? null : report.KeptAs
            ),
            JsonShapes.Default.JsonRepair
        );

    /// <summary>A profile that was restored.</summary>
    public static string OfRestored(string name, string folder) =>
        JsonSerializer.Serialize(
            new JsonRestored(Version, "restored", name, folder),
            JsonShapes.Default.JsonRestored
        );

    /// <summary>Somebody who is connected.</summary>
    public static string Of(ChatMember member) =>
        JsonSerializer.Serialize(
            new JsonPresence(
                Version,
                "presence",
                new JsonPerson(member.Name, member.PeerId, member.LooksLike),
                member.Connected,
                Word(member.Trust),
                Word(member.Path)
            ),
            JsonShapes.Default.JsonPresence
        );

    /// <summary>A contact.</summary>
    public static string Of(ContactSummary contact) =>
        JsonSerializer.Serialize(
            new JsonContact(
                Version,
                "contact",
                contact.Name,
                contact.PeerId,
                contact.ShortId,
                Word(contact.Trust),
                contact.Connected,
                Time(contact.FirstSeenUnixMilliseconds),
                Time(contact.LastSeenUnixMilliseconds),
                contact.IsBlocked,
                Word(contact.Path),
                contact.RelayedBy,
                contact.LooksLike
            ),
            JsonShapes.Default.JsonContact
        );

    /// <summary>A request.</summary>
    public static string Of(RequestSummary request) =>
        JsonSerializer.Serialize(
            new JsonRequest(
                Version,
                "request",
                request.Request,
                new JsonPerson(request.Name, request.PeerId, request.LooksLike),
                Word(request.State),
                Time(request.AtUnixMilliseconds)
            ),
            JsonShapes.Default.JsonRequest
        );

    /// <summary>How the node is.</summary>
    public static string Of(NodeStatus node) =>
        JsonSerializer.Serialize(
            new JsonStatus(
                Version,
                "status",
                node.Name,
                node.PeerId,
                node.ShortId,
                node.Version,
                node.ProcessId,
                Time(node.StartedUnixMilliseconds),
                node.Profile,
                node.Interfaces,
                node.Port,
                node.AnnouncesName,
                node.Chats,
                node.Connected,
                node.Queued,
                node.Requests,
                node.DroppedDatagrams,
                [
                    .. node.Faces.Select(face => new JsonFace(
                        face.Kind,
                        face.ProcessId,
                        Time(face.SinceUnixMilliseconds)
                    )),
                ],
                node.RelayOnly,
                node.HidesAddresses,
                node.Relayed,
                [.. node.MemberRelays.Select(relay => new JsonMemberRelay(relay.Name, relay.By))],
                node.Relaying,
                [
                    .. node.Servers.Select(server => new JsonServer(
                        server.Server,
                        server.Address,
                        server.Problem
                    )),
                ],
                [
                    .. node.Services.Select(service => new JsonService(
                        service.Rung,
                        service.Endpoint,
                        service.State,
                        service.Problem
                    )),
                ]
            ),
            JsonShapes.Default.JsonStatus
        );

    /// <summary>The lines of an answer; none where it has nothing to say.</summary>
    public static IEnumerable<string> Of(NodeReply reply) =>
        reply switch
        {
            NodeReply.SearchResult found => found.Messages.Select(JsonWriter.Format),
            NodeReply.Changed changed => [JsonWriter.Format(changed.Message)],
            NodeReply.Accepted accepted => [JsonWriter.Format(accepted.Message)],
            NodeReply.Contacts contacts => contacts.All.Select(Of),
            NodeReply.Safety safety => [Of(safety)],
            NodeReply.Files files => files.All.Select(Of),
            NodeReply.FileStarted started => [Of(started.File)],
            _ => [],
        };

    /// <summary>A safety number.</summary>
    public static string Of(NodeReply.Safety safety) =>
        JsonSerializer.Serialize(
            new JsonSafety(Version, "safety", safety.Name, safety.PeerId, safety.Number, Word(safety.Trust)),
            JsonShapes.Default.JsonSafety
        );

    /// <summary>A file of a chat.</summary>
    public static string Of(FileSummary file) =>
        JsonSerializer.Serialize(Shape(file), JsonShapes.Default.JsonTransfer);

    /// <summary>The same, to be part of something.</summary>
    public static JsonTransfer Shape(FileSummary file) =>
        new(
            Version,
            "transfer",
            file.File,
            file.Chat,
            file.Name,
            file.Cid,
            file.Size,
            file.Files,
            file.IsFolder,
            file.MediaType,
            file.MayRun,
            file.IsOwn,
            Word(file.State),
            file.Done,
            file.Rate,
            file.LeftSeconds,
            file.Sources,
            file.Given,
            file.Holders,
            file.Path,
            file.Problem
        );

    /// <summary>What was found at a path.</summary>
    public static string Of(PathSummary found, string path) =>
        JsonSerializer.Serialize(
            new JsonFile(
                Version,
                "file",
                found.Cid,
                path,
                found.IsFolder,
                found.Bytes,
                found.Files,
                found.HiddenLeftOut,
                null,
                null
            ),
            JsonShapes.Default.JsonFile
        );

    /// <summary>What was put in place.</summary>
    public static string Of(PlacedTree placed) =>
        JsonSerializer.Serialize(
            new JsonFile(
                Version,
                "file",
                placed.Cid,
                placed.Path,
                placed.IsFolder,
                placed.Bytes,
                placed.Files,
                null,
                placed.Renamed,
                placed.LinksLeftOut
            ),
            JsonShapes.Default.JsonFile
        );

    /// <summary>A time: UTC, RFC 3339 with milliseconds.</summary>
    public static string Time(long unixMilliseconds) =>
        DateTimeOffset
            .FromUnixTimeMilliseconds(unixMilliseconds)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A value of an enumeration, as lower-case words with hyphens.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
