using PeerChat.Node.Files;
using PeerChat.Rooms;

namespace PeerChat.Node.Engine;

/// <summary>How files look to the faces.</summary>
internal sealed partial class NodeEngine
{
    private void TellWhenDue(FileItem item)
    {
        if (item.Told is { } told && told.State == StateOf(item) && item.TellAt > _now)
        {
            return;
        }

        TellFile(item, null);
    }

    private void TellFile(FileItem item, string? old)
    {
        var summary = Summarise(item);
        item.IsDirty = false;
        if (old is null && item.Told is { } told && Same(told, summary))
        {
            return;
        }

        item.Told = summary;
        item.TellAt = _now + FileTellInterval;
        _events.Enqueue(new NodeEvent.FileChanged(summary, old));
    }

    private static bool Same(FileSummary one, FileSummary other) =>
        one with { Sources = other.Sources } == other
        && one.Sources.SequenceEqual(other.Sources, StringComparer.Ordinal);

    private FileSummary Summarise(Chat chat, RoomMessage message) =>
        _filesByEntry.TryGetValue(message.Id, out var item)
            ? Summarise(item)
            : MessageView.Show(chat.Key, message.Id.ToString(), message.File!, message.IsOwn);

    private FileSummary Summarise(FileItem item)
    {
        var state = StateOf(item);
        var file = item.File;
        var rate = item.Progress?.Rate ?? item.Fetch?.Rate ?? GivingRate(item);
        var size = file?.Size ?? item.Progress?.Total ?? 0;
        var done =
            item.Progress?.Done
            ?? item.Fetch?.Done
            ?? (state is FileState.Held or FileState.Complete or FileState.Placing ? size : 0);
        return new FileSummary(
            item.Chat,
            item.Id,
            file?.Name ?? item.Name ?? System.IO.Path.GetFileName(item.Source),
            file?.Root.ToString() ?? "",
            size,
            file?.Files ?? 0,
            file?.IsFolder ?? false,
            file?.MediaType ?? "",
            file is not null && FileNames.MayRun(file.Name),
            item.IsOwn,
            state,
            done,
            (long)rate,
            rate > 0 && size > done ? (int)Math.Min(int.MaxValue, Math.Ceiling((size - done) / rate)) : null,
            [
                .. (item.Fetch?.Sources ?? [])
                    .Select(link => _links.Find(link))
                    .Where(link => link?.Peer is not null)
                    .Select(link => _contacts.Find(link!.Peer!.PeerId)?.Name ?? link.PeerName!.ToString())
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
            GivenOf(item),
            item.Holders.Count,
            item.Path,
            item.Problem
        );
    }

    /// <summary>How fast blocks went out since the faces were told last.</summary>
    private double GivingRate(FileItem item)
    {
        var seconds = (_now - (item.TellAt - FileTellInterval)).TotalSeconds;
        return item.Told is { } told && seconds is > 0.05 and < 5
            ? Math.Max(0, GivenOf(item) - told.Given) / seconds
            : 0;
    }

    private long GivenOf(FileItem item) =>
        item.Given + _serving.Values.Where(one => one.Asked?.Entry == item.Entry).Sum(one => one.Given);

    private static FileState StateOf(FileItem item) =>
        item.Stage switch
        {
            _ when item.Problem is not null => FileState.Failed,
            FileStage.Preparing => FileState.Preparing,
            FileStage.Placing => FileState.Placing,
            FileStage.Placed => FileState.Complete,
            FileStage.Held => FileState.Held,
            _ => item.Fetch is { } fetch && fetch.Sources.Any() ? FileState.Fetching : FileState.Waiting,
        };
}
