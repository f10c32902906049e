using PeerChat.Node.Files;
using PeerChat.Node.Links;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Files.Transfer;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.WebRtc;

namespace PeerChat.Node.Engine;

/// <summary>Blocks on their way: whom they are fetched from, and who gets them.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>Files fetched at once; the others wait, as each would only be slower.</summary>
    internal const int MaxFetches = 8;

    /// <summary>How often faces are told how far a file is.</summary>
    private static readonly TimeSpan FileTellInterval = TimeSpan.FromMilliseconds(250);

    private readonly SortedDictionary<(int Link, ushort Channel), FileServe> _serving = [];
    private readonly Dictionary<(int Link, ushort Channel), FileItem> _fetching = [];
    private readonly SortedDictionary<long, FileItem> _activeFiles = []; // of those there can be many that nothing happens to
    private RateLimit? _upload;
    private RateLimit? _download;
    private Instant? _uploadAt;
    private bool _hasFileWork = true;

    private Instant? NextFileDeadline
    {
        get
        {
            var earliest = _uploadAt;
            if (!_hasFileWork)
            {
                return earliest;
            }

            foreach (var item in _activeFiles.Values)
            {
                earliest = Instant.Earliest(earliest, item.Fetch?.NextDeadline);
                foreach (var (link, silent) in item.Silent)
                {
                    if (!item.Channels.ContainsKey(link))
                    {
                        earliest = Instant.Earliest(earliest, silent.AskAt);
                    }
                }

                if (item.IsDirty)
                {
                    earliest = Instant.Earliest(earliest, item.TellAt);
                }
            }

            return earliest;
        }
    }

    private bool HandleFileEvent(PeerLink link, LinkEvent happened)
    {
        switch (happened)
        {
            case LinkEvent.FileOpened opened:
                _serving[(link.Id, opened.Channel)] = new FileServe();
                break;
            case LinkEvent.FileReceived received:
                var message = received.Message;
                if (_serving.TryGetValue((link.Id, message.Channel), out var serving))
                {
                    serving.HandleFrame(message.Message);
                }
                else if (_fetching.TryGetValue((link.Id, message.Channel), out var item))
                {
                    item.Fetch?.HandleFrame(link.Id, message.Message, _now);
                    MarkFile(item);
                }

                PeerConnection.Recycle(message);
                break;
            case LinkEvent.FileClosed closed:
                EndChannel(link.Id, closed.Channel);
                break;
            default:
                return false;
        }

        _hasFileWork = true;
        return true;
    }

    private void EndChannel(int link, ushort channel)
    {
        if (_serving.Remove((link, channel), out var serving))
        {
            if (serving.Asked is { } asked && _filesByEntry.TryGetValue(asked.Entry, out var given))
            {
                given.Given += serving.Given;
                MarkFile(given);
            }

            foreach (var bytes in serving.TakeUnsent())
            {
                FileWork.Return(bytes);
            }
        }

        if (_fetching.Remove((link, channel), out var item) && item.Channels.Remove(link))
        {
            item.Tried.Add(link);
            item.Fetch?.RemoveHolder(link, _now);
            MarkFile(item);
        }
    }

    private void EndFileChannels(PeerLink link)
    {
        foreach (var item in _activeFiles.Values)
        {
            item.Silent.Remove(link.Id);
        }

        foreach (
            var key in _serving
                .Keys.Concat(_fetching.Keys)
                .Where(key => key.Link == link.Id)
                .Distinct()
                .ToList()
        )
        {
            EndChannel(key.Link, key.Channel);
        }
    }

    private void EndFetch(FileItem item)
    {
        foreach (var (link, channel) in item.Channels.ToList())
        {
            // What is still to be said on it, that all is here, goes first
            SendFetchFrames(item, link, channel);
            _fetching.Remove((link, channel));
            _links.Find(link)?.CloseFile(channel, _now);
        }

        item.Channels.Clear();
        item.Tried.Clear();
        item.Silent.Clear();
        item.Fetch = null;
        if (item.Pack is not null)
        {
            _options.Blocks.Release(item.Pack.Name);
            item.Pack = null;
        }
    }

    /// <summary>Lets blocks move: at the end of each turn, when what was stored is durable.</summary>
    private void PumpFiles()
    {
        if (!_hasFileWork && _serving.Count == 0)
        {
            return;
        }

        _hasFileWork = false;
        StartPreparing();
        var running = _activeFiles.Values.Count(item => item.Fetch is not null);
        foreach (var item in _activeFiles.Values.ToList())
        {
            if (item is { Stage: FileStage.Wanted, Fetch: null, Problem: null })
            {
                _hasFileWork = true;
                if (running < MaxFetches && StartFetch(item))
                {
                    running++;
                }
            }

            if (item.Fetch is not null)
            {
                _hasFileWork = true;
                if (item.Fetch.NextDeadline <= _now)
                {
                    item.Fetch.HandleDeadline(_now);
                }

                PumpFetch(item);
            }

            if (item.IsDirty)
            {
                _hasFileWork = true;
                TellWhenDue(item);
            }

            if (
                !item.IsDirty
                && item.Fetch is null
                && (item.Problem is not null || item.Stage is FileStage.Held or FileStage.Placed)
            )
            {
                _activeFiles.Remove(item.Number);
            }
        }

        PumpServing();
    }

    private bool StartFetch(FileItem item)
    {
        if (!_chats.TryGetValue(item.Chat, out var chat) || chat.Room is not { } room)
        {
            return false;
        }

        try
        {
            item.Pack = _options.Blocks.Use(item.PackName);
            item.Pack.Expect(item.File!.Size);
        }
        catch (Exception failed) when (Storage.FileProblem.Is(failed))
        {
            item.Problem = FileException.Writing(failed, _options.Blocks.Folder).Message;
            MarkFile(item);
            return false;
        }

        _download ??= new RateLimit(_options.Transfers.DownloadLimit);
        item.Fetch = new FileFetch(
            room.Id,
            item.Entry!.Value,
            item.File!,
            item.Pack.SizeOf,
            _download,
            BitConverter.ToUInt32(_options.Entropy.Bytes(sizeof(uint))),
            BlockBuffers.Common
        );
        if (IsPutAhead(item))
        {
            item.Ahead ??= new PlacedAhead(item.Folder!, FileJob.MarkOf(item.PackName), item.File!);
        }

        return true;
    }

    // A folder of small files gains nothing, and which of them lies where is known only when all nodes are here
    private static bool IsPutAhead(FileItem item) =>
        item is { Folder: not null, File: { IsFolder: false, Size: >= PlacedAhead.Worth } };

    /// <summary>What was put into the folder before all was here goes, also what an earlier run left there.</summary>
    private void DropAhead(FileItem item)
    {
        if (item.Ahead is not null || (item.Stage == FileStage.Wanted && IsPutAhead(item)))
        {
            _effects.Enqueue(
                new EngineEffect.DoFileJob(
                    new FileJob.Sweep(item.Folder!, FileJob.MarkOf(item.PackName), item.Ahead)
                )
            );
            item.Ahead = null;
        }
    }

    private void PumpFetch(FileItem item)
    {
        if (!_chats.TryGetValue(item.Chat, out var chat) || chat.Room is not { } room)
        {
            DropAhead(item);
            EndFetch(item);
            return;
        }

        foreach (var link in _links.All)
        {
            if (
                link.MayOpenFile
                && link.CommonRooms.Contains(room.Id)
                && !item.Channels.ContainsKey(link.Id)
                && !item.Tried.Contains(link.Id)
                && !(item.Silent.TryGetValue(link.Id, out var silent) && silent.AskAt > _now)
                && !item.Banned.Contains(link.Peer!.PeerId)
                && !item.Fetch!.IsComplete
                && item.Channels.Count < FileFetch.MaxHolders
            )
            {
                var channel = link.OpenFile(_now);
                item.Channels.Add(link.Id, channel);
                _fetching.Add((link.Id, channel), item);
                item.Fetch.AddHolder(link.Id, _now);
            }
        }

        while (item.Fetch is { } fetch && fetch.TryTakeEvent(out var happened))
        {
            HandleFetchEvent(item, happened);
        }

        foreach (var (link, channel) in item.Channels)
        {
            SendFetchFrames(item, link, channel);
        }
    }

    private void SendFetchFrames(FileItem item, int link, ushort channel)
    {
        while (item.Fetch is { } fetch && fetch.TryTakeFrame(link, out var frame))
        {
            _links.Find(link)?.SendFile(channel, frame, _now);
        }
    }

    private void HandleFetchEvent(FileItem item, FetchEvent happened)
    {
        MarkFile(item);
        switch (happened)
        {
            case FetchEvent.Take take:
                _effects.Enqueue(
                    new EngineEffect.DoFileJob(
                        new FileJob.Take(
                            item.Number,
                            take.Link,
                            item.File!,
                            item.Pack!,
                            take.Address,
                            take.Cid,
                            take.Bytes,
                            item.Ahead
                        )
                    )
                );
                break;
            case FetchEvent.OpenNode node:
                _effects.Enqueue(
                    new EngineEffect.DoFileJob(
                        new FileJob.Take(
                            item.Number,
                            0,
                            item.File!,
                            item.Pack!,
                            node.Address,
                            node.Cid,
                            default,
                            item.Ahead
                        )
                    )
                );
                break;
            case FetchEvent.HolderDropped dropped:
                DropHolder(item, dropped);
                break;
            case FetchEvent.Complete:
                EndFetch(item);
                StartPlacing(item);
                TellServed(item);
                break;
            case FetchEvent.Failed failed:
                DropAhead(item);
                EndFetch(item);
                item.Problem =
                    failed.Reason == FetchFault.TooDeep
                        ? "It is nested deeper than any file is, so it was given up."
                        : "It has more blocks or bytes than it was announced with, so it was given up.";
                TellFile(item, null);
                break;
            default:
                break;
        }
    }

    /// <summary>Something else came from somebody who was given up as a holder: the path is there.</summary>
    private void HearHolder(PeerLink link)
    {
        foreach (var item in _activeFiles.Values)
        {
            if (item.Silent.TryGetValue(link.Id, out var silent) && !item.Channels.ContainsKey(link.Id))
            {
                item.Silent[link.Id] = silent.Heard();
                _hasFileWork = true;
            }
        }
    }

    private void DropHolder(FileItem item, FetchEvent.HolderDropped dropped)
    {
        if (_links.Find(dropped.Link) is not { Peer: { } peer } link)
        {
            return;
        }

        if (item.Channels.Remove(link.Id, out var channel))
        {
            _fetching.Remove((link.Id, channel));
            link.CloseFile(channel, _now);
        }

        if (dropped.Reason == HolderFault.Silent)
        {
            // A slow path is no offence
            SilentHolder? before = item.Silent.TryGetValue(link.Id, out var known) ? known : null;
            item.Silent[link.Id] = SilentHolder.After(before, _now);
            return;
        }

        item.Tried.Add(link.Id);
        item.Banned.Add(peer.PeerId);
        var name = _contacts.Find(peer.PeerId)?.Name ?? link.PeerName!.ToString();
        Notice(
            item.Chat,
            NoticeCode.ConnectionRefused,
            dropped.Reason == HolderFault.WrongBlock
                ? $"{name} sent a block of {item.File!.Name} that is not the one that was asked for; it was thrown away, and nothing more of this file is taken from them."
                : $"{name} broke the protocol while sending {item.File!.Name}; nothing more of this file is taken from them."
        );
    }

    private void PumpServing()
    {
        _uploadAt = null;
        _upload ??= new RateLimit(_options.Transfers.UploadLimit);
        foreach (var ((linkId, channel), serving) in _serving.ToList())
        {
            if (_links.Find(linkId) is not { Phase: LinkPhase.Authenticated } link)
            {
                continue;
            }

            while (serving.TryTakeEvent(out var happened))
            {
                HandleServeEvent(link, channel, serving, happened);
            }

            while (link.IsFileWritable || !serving.HasPiece)
            {
                if (serving.HasPiece && !_upload.TryTake(FileFrame.MaxPiece, _now))
                {
                    _uploadAt = Instant.Earliest(_uploadAt, _upload.FreeAt(_now));
                    break;
                }

                if (!serving.TryTakeFrame(out var frame))
                {
                    break;
                }

                link.SendFile(channel, frame.Span, _now);
                while (serving.TryTakeEvent(out var happened))
                {
                    HandleServeEvent(link, channel, serving, happened);
                }
            }

            if (serving.IsBroken)
            {
                link.CloseFile(channel, _now);
            }
        }
    }

    private void HandleServeEvent(PeerLink link, ushort channel, FileServe serving, ServeEvent happened)
    {
        switch (happened)
        {
            case ServeEvent.Opened opened:
                serving.SetStock(StockFor(link, opened.Room, opened.Entry));
                break;
            case ServeEvent.PeerHas { Stock: FileStock.All }
                when FileServedTo(link, serving) is { } item && item.Holders.Add(link.Peer!.PeerId):
                SetStage(item, item.Stage);
                break;
            case ServeEvent.Read read when FileServedTo(link, serving) is { } item:
                item.Used = _wall;
                MarkFile(item);
                _effects.Enqueue(
                    new EngineEffect.DoFileJob(
                        new FileJob.Give(link.Id, channel, _options.Blocks, item.PackName, read.Addresses)
                    )
                );
                break;
            case ServeEvent.Read read:
                serving.HandleRead([.. read.Addresses.Select(one => (one, (ReadOnlyMemory<byte>?)null))]);
                break;
            case ServeEvent.Ask ask when FileServedTo(link, serving) is { File: { } file }:
                _effects.Enqueue(
                    new EngineEffect.DoFileJob(
                        new FileJob.Tell(link.Id, channel, _options.Blocks, file, ask.Node, ask.Cid)
                    )
                );
                break;
            case ServeEvent.Ask ask:
                serving.HandleAnswer(ask.Node, null);
                break;
            case ServeEvent.Sent sent:
                FileWork.Return(sent.Bytes);
                break;
            default:
                break;
        }
    }

    /// <summary>The file that a peer asked for on a channel, where it may have it; looked at anew for each block, as members go.</summary>
    private FileItem? FileServedTo(PeerLink link, FileServe serving) =>
        serving.Asked is { } asked && StockFor(link, asked.Room, asked.Entry) != FileStock.None
            ? _filesByEntry.GetValueOrDefault(asked.Entry)
            : null;

    private FileStock StockFor(PeerLink link, RoomId roomId, EntryId entry)
    {
        if (
            !_filesByEntry.TryGetValue(entry, out var item)
            || !_chats.TryGetValue(item.Chat, out var chat)
            || chat.Room is not { } room
            || room.Id != roomId
            || !link.CommonRooms.Contains(roomId)
            || !IsMember(chat, room, link.Peer!.PeerId)
        )
        {
            return FileStock.None;
        }

        return HasAll(item) ? FileStock.All
            : item.Fetch is { Done: > 0 } ? FileStock.Part
            : FileStock.None;
    }

    private static bool IsMember(Chat chat, Room room, PeerId peer) =>
        chat.Contact?.Identity.PeerId == peer || room.Members.Any(member => member.Person.PeerId == peer);

    private bool HasAll(FileItem item) =>
        item is { File: not null, Stage: FileStage.Held or FileStage.Placed or FileStage.Placing }
        && _options.Blocks.Exists(item.PackName);

    /// <summary>Those who ask for a file learn that more of it, or nothing any more, is here.</summary>
    private void TellServed(FileItem item)
    {
        foreach (var ((linkId, _), serving) in _serving)
        {
            if (
                serving.Asked is { } asked
                && asked.Entry == item.Entry
                && _links.Find(linkId) is { Phase: LinkPhase.Authenticated } link
            )
            {
                serving.SetStock(StockFor(link, asked.Room, asked.Entry));
            }
        }

        _hasFileWork = true;
    }
}
