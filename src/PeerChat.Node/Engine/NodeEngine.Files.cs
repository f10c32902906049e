using PeerChat.Node.Files;
using PeerChat.Node.Storage;
using PeerChat.Rooms;
using PeerChat.Rooms.Files;
using PeerChat.Rooms.Log;

namespace PeerChat.Node.Engine;

/// <summary>Files: sent, fetched, listed, given up.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>Files being read at once; the disk gives no more for more.</summary>
    internal const int MaxPrepared = 2;

    /// <summary>Files of one chat that wait to be read: a folder dropped by mistake is stopped in time.</summary>
    internal const int MaxUnannounced = 1000;

    /// <summary>Bytes of a picture that comes by itself.</summary>
    internal const long MaxAutomaticSize = 1024 * 1024;

    /// <summary>Bytes of any file that comes by itself where the user wants all: what a call of a minute takes.</summary>
    internal const long MaxAutomaticFile = 64 * 1024 * 1024;

    /// <summary>Files kept that came by themselves; beyond, the oldest go.</summary>
    internal const int MaxAutomatic = 256;

    /// <summary>Bytes that one <see cref="NodeCommand.ReadFile"/> gives.</summary>
    internal const int MaxReadBytes = 256 * 1024;

    private readonly SortedDictionary<long, FileItem> _files = [];
    private readonly Dictionary<EntryId, FileItem> _filesByEntry = [];
    private FileWindow? _window;
    private long _keptBytes;

    private void OpenStoredFiles()
    {
        foreach (var item in _store.Files.ReadAll())
        {
            // What was recalled when nobody could delete its blocks any more, or came from a newer version
            var isKnown = item.Stage == FileStage.Preparing || item.File is not null;
            if (!isKnown || (item.Entry is { } entry && !IsAnnounced(item.Chat, entry)))
            {
                Forget(item);
                continue;
            }

            item.WasPlacing = item.Stage == FileStage.Placing;
            if (item.Stage == FileStage.Placing)
            {
                item.Stage = FileStage.Wanted; // looked through, and put in place again
            }

            AddFile(item);
        }

        var known = _files
            .Values.Where(item => item.File is not null)
            .Select(item => item.PackName)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (name, bytes) in _options.Blocks.List())
        {
            if (known.Contains(name))
            {
                _keptBytes += bytes;
            }
            else
            {
                DeletePack(name); // of a file that is none any more
            }
        }
    }

    private bool IsAnnounced(string chat, EntryId entry) =>
        !_chats.TryGetValue(chat, out var known) // its contact may come back
        || known.Room?.Find(entry) is not { } message
        || message.Content == RoomMessageContent.File;

    private NodeReply SendFile(NodeCommand.SendFile send)
    {
        if (send.Reference is { Length: < 1 or > MaxReference })
        {
            return Bad(
                $"A reference has 1 to {MaxReference} characters; this one has {send.Reference.Length:N0}."
            );
        }

        if (send.Reference is { } known && FindFileOf(known) is { } sent)
        {
            return new NodeReply.FileStarted(Summarise(sent));
        }

        if (!_chats.TryGetValue(send.Chat, out var chat))
        {
            return NoSuchChat(send.Chat);
        }

        if (PrivateRoomProblem(chat) is { } problem)
        {
            return problem;
        }

        if (!System.IO.Path.IsPathFullyQualified(send.Path))
        {
            return Bad($"{Shorten(send.Path)} is no whole path; give it from the root on.");
        }

        if (
            _files.Values.Count(item => item.Stage == FileStage.Preparing && item.Chat == chat.Key)
            >= MaxUnannounced
        )
        {
            return Bad(
                $"{MaxUnannounced:N0} files wait to be read for {chat.Title} already; send a folder as one, or wait."
            );
        }

        var item = new FileItem
        {
            Chat = chat.Key,
            Stage = FileStage.Preparing,
            IsOwn = true,
            Source = send.Path,
            WithHidden = send.WithHidden,
            KeepMetadata = send.KeepMetadata,
            DeleteSource = send.DeleteSource,
            Reference = send.Reference,
            Name = send.Name,
            Used = _wall,
        };
        _store.Files.Write(item);
        AddFile(item);
        StartPreparing();
        return new NodeReply.FileStarted(Summarise(item));
    }

    private FileItem? FindFileOf(string reference) =>
        _files.Values.FirstOrDefault(item => item.IsOwn && item.Reference == reference);

    private NodeReply GetFile(NodeCommand.GetFile get)
    {
        if (FindFile(get.Chat, get.File, out var chat, out var item, out var message) is { } refused)
        {
            return refused;
        }

        if (get.Folder is { } folder && !System.IO.Path.IsPathFullyQualified(folder))
        {
            return Bad($"{Shorten(folder)} is no whole path; give it from the root on.");
        }

        item ??= new FileItem
        {
            Chat = chat.Key,
            Entry = message!.Id,
            File = message.File,
            IsOwn = message.IsOwn,
        };
        if (item.Stage is FileStage.Preparing or FileStage.Placing)
        {
            return Bad("That file is being worked on; wait until it is done.");
        }

        item.Folder = get.Folder ?? _options.Downloads;
        item.Name = get.Name;
        item.IsAutomatic = false;
        Want(item);
        return new NodeReply.FileStarted(Summarise(item));
    }

    private NodeReply CancelFile(NodeCommand.CancelFile cancel)
    {
        if (FindFile(cancel.Chat, cancel.File, out _, out var item, out _) is { } refused)
        {
            return refused;
        }

        if (item is null || item.Stage is FileStage.Held or FileStage.Placed)
        {
            return Bad(
                "There is nothing to give up: that file is neither being read nor fetched. 'recall' takes a message back."
            );
        }

        var isWholePack = item.Stage == FileStage.Placing;
        EndWork(item);
        if (isWholePack)
        {
            SetStage(item, FileStage.Held);
        }
        else
        {
            Forget(item);
        }

        var summary = Summarise(item) with { State = FileState.Cancelled, Rate = 0, LeftSeconds = null };
        _events.Enqueue(new NodeEvent.FileChanged(summary));
        return new NodeReply.FileStarted(summary);
    }

    private NodeReply ListFiles(NodeCommand.ListFiles list)
    {
        if (list.Chat is { } key && !_chats.ContainsKey(key))
        {
            return NoSuchChat(key);
        }

        var chats = _chats.Values.Where(chat => list.Chat is null || chat.Key == list.Chat);
        var unannounced = _files
            .Values.Where(item => item.Entry is null && (list.Chat is null || item.Chat == list.Chat))
            .Reverse()
            .Select(Summarise);
        return new NodeReply.Files([
            .. unannounced,
            .. chats.SelectMany(chat =>
                FileMessages(chat).Take(MaxFilesListed).Select(message => Summarise(chat, message))
            ),
        ]);
    }

    private NodeReply ReadFile(NodeCommand.ReadFile read)
    {
        if (FindFile(read.Chat, read.File, out _, out var item, out _) is { } refused)
        {
            return refused;
        }

        if (read.Count is < 1 or > MaxReadBytes || read.Offset < 0)
        {
            return Bad($"Between 1 and {MaxReadBytes:N0} bytes are read at once, from 0 on.");
        }

        if (item?.File is not { } file || !HasAll(item))
        {
            return new NodeReply.Refused(RefusalCode.NoSuchFile, "That file is not here yet; get it first.");
        }

        try
        {
            if (_window?.File != file)
            {
                _window = new FileWindow(file, FileWork.ReaderOf(_options.Blocks, item.PackName));
            }

            var bytes = _window.Read(read.Offset, read.Count);
            return bytes is null
                ? new NodeReply.Refused(
                    RefusalCode.NoSuchFile,
                    "That is a folder, or not whole any more; get it instead."
                )
                : new NodeReply.FileBytes(
                    read.Offset,
                    Convert.ToBase64String(bytes),
                    read.Offset + bytes.Length >= file.Size
                );
        }
        catch (Exception failed) when (FileProblem.Is(failed))
        {
            return new NodeReply.Refused(
                RefusalCode.Storage,
                FileException.Reading(failed, item.PackName).Message
            );
        }
    }

    /// <summary>Files listed of one chat: more than anybody looks through.</summary>
    internal const int MaxFilesListed = 500;

    /// <summary>The newest messages of a chat among which files are looked for; older ones are found by their ids.</summary>
    internal const int MaxLookedThrough = 5_000;

    private static IEnumerable<RoomMessage> FileMessages(Chat chat)
    {
        EntryPosition? before = null;
        var looked = 0;
        while (
            looked < MaxLookedThrough
            && chat.Room?.ReadLatest(HistoryPages.MaxStep, before) is { Count: > 0 } page
        )
        {
            looked += page.Count;
            foreach (var message in page.Reverse().Where(one => one.File is not null))
            {
                yield return message;
            }

            before = page[0].Position;
        }
    }

    private NodeReply.Refused? FindFile(
        string chatKey,
        string name,
        out Chat chat,
        out FileItem? item,
        out RoomMessage? message
    )
    {
        (item, message) = (null, null);
        if (chatKey.Length == 0)
        {
            return FindFileAnywhere(name, out chat, out item, out message);
        }

        if (!_chats.TryGetValue(chatKey, out chat!))
        {
            return NoSuchChat(chatKey);
        }

        item = _files.Values.FirstOrDefault(one => one.Id == name && one.Chat == chatKey);
        if (item is not null)
        {
            return null;
        }

        if (name.Length < MaxMessageNumber && int.TryParse(name, out var number) && number > 0)
        {
            message = FileMessages(chat).ElementAtOrDefault(number - 1);
        }
        else if (
            EntryOf(Resolve(chat, name, ofOwn: false)) is { } id
            && chat.Room?.Find(id) is { File: not null } found
        )
        {
            message = found;
        }

        if (message is null)
        {
            return new NodeReply.Refused(
                RefusalCode.NoSuchFile,
                $"{Shorten(name)} is no file of {chat.Title}; 'peerchat file list' shows them."
            );
        }

        item = _filesByEntry.GetValueOrDefault(message.Id);
        return null;
    }

    private NodeReply.Refused? FindFileAnywhere(
        string name,
        out Chat chat,
        out FileItem? item,
        out RoomMessage? message
    )
    {
        (chat, item, message) = (null!, null, null);
        var number = 0;
        var isNumber = name.Length < MaxMessageNumber && int.TryParse(name, out number) && number > 0;
        if (isNumber)
        {
            // Of all chats, by the clocks of their authors: each chat's newest are enough to find the n-th
            var newest = _chats
                .Values.SelectMany(one =>
                    FileMessages(one).Take(number).Select(found => (Chat: one, Message: found))
                )
                .OrderByDescending(one => one.Message.Arrival)
                .ElementAtOrDefault(number - 1);
            if (newest.Message is not null)
            {
                (chat, message) = (newest.Chat, newest.Message);
                item = _filesByEntry.GetValueOrDefault(message.Id);
                return null;
            }
        }

        foreach (var one in isNumber ? [] : _chats.Values.ToList())
        {
            if (FindFile(one.Key, name, out chat, out item, out message) is null)
            {
                return null;
            }
        }

        return new NodeReply.Refused(
            RefusalCode.NoSuchFile,
            $"{Shorten(name)} is no file of any chat; 'peerchat file list' shows them."
        );
    }

    private void AddFile(FileItem item)
    {
        _files[item.Number] = item;
        if (item.Entry is { } entry)
        {
            _filesByEntry[entry] = item;
        }

        MarkFile(item);
    }

    private void MarkFile(FileItem item)
    {
        item.IsDirty = true;
        _activeFiles[item.Number] = item;
        _hasFileWork = true;
    }

    private void SetStage(FileItem item, FileStage stage)
    {
        item.Stage = stage;
        item.Used = _wall;
        _store.Files.Write(item);
        AddFile(item);
    }

    /// <summary>The file is to be here, and in its folder where it has one.</summary>
    private void Want(FileItem item)
    {
        item.Problem = null;
        item.Path = null;
        item.Banned.Clear();
        SetStage(item, FileStage.Wanted);
    }

    /// <summary>A picture of somebody one knows comes by itself, or what the user wants to.</summary>
    private void WantByItself(Chat chat, RoomMessage message)
    {
        if (
            message is not { IsOwn: false, File: { } file }
            || _filesByEntry.ContainsKey(message.Id)
            || !MayComeByItself(OptionsOf(chat.Key).AutoFetch, file, _contacts.Find(message.From)?.Record)
        )
        {
            return;
        }

        Want(
            new FileItem
            {
                Chat = chat.Key,
                Entry = message.Id,
                File = file,
                IsAutomatic = true,
            }
        );
        var automatic = _files.Values.Where(item => item.IsAutomatic).ToList();
        foreach (var old in automatic.Take(automatic.Count - MaxAutomatic))
        {
            Forget(old);
        }
    }

    private static bool MayComeByItself(AutoFetch wanted, FileAnnouncement file, Contact? author) =>
        wanted switch
        {
            AutoFetch.Pictures => FileNames.IsPicture(file)
                && file.Size <= MaxAutomaticSize
                && author is { IsBlocked: false, Trust: >= TrustState.Pinned },
            AutoFetch.All => file.Size <= MaxAutomaticFile && author is not { IsBlocked: true },
            _ => false,
        };

    /// <summary>Ends all that goes on for a file.</summary>
    private void EndWork(FileItem item)
    {
        item.Work?.Cancel();
        item.Work = null;
        item.Progress = null;
        DropAhead(item);
        EndFetch(item);
    }

    /// <summary>Deletes a file's blocks and all that is known of it.</summary>
    private void Forget(FileItem item)
    {
        EndWork(item);
        if (item.File is not null)
        {
            DeletePack(item.PackName);
        }

        _files.Remove(item.Number);
        _activeFiles.Remove(item.Number);
        if (item.Entry is { } entry)
        {
            _filesByEntry.Remove(entry);
        }

        _store.Files.Remove(item.Number);
        _window = null;
        TellServed(item);
    }

    private void DeletePack(string name)
    {
        try
        {
            _options.Blocks.Delete(name);
        }
        catch (IOException)
        {
            Notice(
                null,
                NoticeCode.StorageTrouble,
                $"The blocks of a file could not be deleted ({name[..8]}); it is tried again at the next start."
            );
        }
    }

    /// <summary>The content of an entry was deleted: of a file, the blocks go too.</summary>
    private void ForgetErased(IEnumerable<EntryId> entries)
    {
        foreach (var entry in entries)
        {
            if (_filesByEntry.TryGetValue(entry, out var item))
            {
                Forget(item);
                _events.Enqueue(
                    new NodeEvent.FileChanged(Summarise(item) with { State = FileState.Recalled, Rate = 0 })
                );
            }
        }
    }

    /// <summary>Makes room: what lies in its place here goes first, then what others have, the longest unused before others.</summary>
    private void KeepQuota()
    {
        if (_keptBytes <= _options.Transfers.Quota)
        {
            return;
        }

        _keptBytes = _options.Blocks.List().Values.Sum();
        var candidates = _files
            .Values.Where(item =>
                item.File is not null
                && item.Fetch is null
                && item.Stage is FileStage.Held or FileStage.Placed
                && (!item.IsOwn || item.Holders.Count > 0)
            )
            .OrderBy(item => item.Stage == FileStage.Placed ? 0 : 1)
            .ThenBy(item => item.Used)
            .ToList();
        foreach (var item in candidates)
        {
            if (_keptBytes <= _options.Transfers.Quota)
            {
                return;
            }

            _keptBytes -= SizeOfPack(item);
            if (item.Stage == FileStage.Placed)
            {
                DeletePack(item.PackName);
                TellServed(item);
            }
            else
            {
                Forget(item);
            }
        }
    }

    private long SizeOfPack(FileItem item) =>
        _options.Blocks.Exists(item.PackName) ? _options.Blocks.Get(item.PackName).Bytes : 0;
}
