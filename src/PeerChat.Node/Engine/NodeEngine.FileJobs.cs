using PeerChat.Node.Files;
using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using PeerChat.Rooms.Files.Transfer;

namespace PeerChat.Node.Engine;

/// <summary>What was done elsewhere for files.</summary>
internal sealed partial class NodeEngine
{
    private void StartPreparing()
    {
        var running = _files.Values.Count(item => item is { Stage: FileStage.Preparing, Work: not null });
        foreach (
            var item in _files.Values.Where(one =>
                one is { Stage: FileStage.Preparing, Work: null, Problem: null }
            )
        )
        {
            if (running++ >= MaxPrepared)
            {
                return;
            }

            item.Work = new CancellationTokenSource();
            _effects.Enqueue(
                new EngineEffect.DoFileJob(
                    new FileJob.Prepare(
                        item.Number,
                        item.Source,
                        item.WithHidden,
                        item.KeepMetadata,
                        item.Name,
                        item.DeleteSource,
                        new Bytes32(_options.Entropy.Bytes(Bytes32.Size)),
                        _options.Blocks,
                        item.Work.Token
                    )
                )
            );
        }
    }

    /// <summary>Takes what was done elsewhere for files.</summary>
    public void HandleFileWork(Action<NodeEngine> done, Instant now, WallTime wall)
    {
        (_now, _wall, _hasFileWork) = (now, wall, true);
        done(this);
    }

    /// <summary>Ends all that is done for files elsewhere, as the node ends.</summary>
    public void CancelFileWork()
    {
        foreach (var item in _files.Values)
        {
            item.Work?.Cancel();
            item.Ahead?.Dispose();
        }
    }

    /// <summary>Work on a file has come so far.</summary>
    public void HandleFileProgress(long number, FileProgress progress)
    {
        if (_files.TryGetValue(number, out var item) && item.Work is not null)
        {
            item.Progress = progress;
            MarkFile(item);
        }
    }

    /// <summary>One's own file is read and sealed, and is announced in this turn.</summary>
    public void HandleFilePrepared(long number, FileAnnouncement file, int uncleaned)
    {
        if (!_files.TryGetValue(number, out var item) || item.Stage != FileStage.Preparing)
        {
            DeletePack(file.Address.ToString()); // given up at the last moment
            return;
        }

        (item.File, item.Work, item.Progress) = (file, null, null);
        _keptBytes += SizeOfPack(item);
        if (!_chats.TryGetValue(item.Chat, out var chat) || PrivateRoomProblem(chat) is not null)
        {
            item.Problem = "The chat is not open any more, so nothing was announced.";
            _events.Enqueue(new NodeEvent.FileChanged(Summarise(item) with { State = FileState.Failed }));
            Forget(item);
            return;
        }

        if (uncleaned > 0)
        {
            Notice(
                chat.Key,
                NoticeCode.Information,
                uncleaned == 1
                    ? $"{file.Name} may say where and when it was made: it is of a kind that is not cleaned here."
                    : $"{uncleaned} pictures of {file.Name} may say where and when they were made: they are of kinds that are not cleaned here."
            );
        }

        var old = item.Id;
        MarkDirty(chat.Key);
        if (chat is { OutboxReleased: true, Room: { CanWrite: true } room } && _waiting.Count(chat.Key) == 0)
        {
            item.Entry = room.PostFile(file, _wall);
            _references[item.Entry.Value] = item.Reference;
        }
        else
        {
            var waiting = _waiting.Add(chat.Key, file.Name, _wall, file);
            item.Outbox = waiting.Number;
            _events.Enqueue(new NodeEvent.MessageShown(WaitingMessage(chat, waiting), item.Reference));
        }

        SetStage(item, FileStage.Held);
        TellFile(item, old == item.Id ? null : old);
        StartPreparing();
        KeepQuota();
    }

    /// <summary>An announcement that waited for a key is an entry now.</summary>
    private void HandleFileReleased(OutboxText waiting, Rooms.Log.EntryId entry)
    {
        if (_files.Values.FirstOrDefault(item => item.Outbox == waiting.Number) is { } item)
        {
            var old = item.Id;
            (item.Entry, item.Outbox) = (entry, 0);
            SetStage(item, item.Stage);
            TellFile(item, old);
        }
    }

    /// <summary>A file could not be read or kept.</summary>
    public void HandleFileTrouble(long number, bool isFull, string sentence)
    {
        if (!_files.TryGetValue(number, out var item))
        {
            return;
        }

        EndWork(item);
        item.Problem = isFull
            ? "The disk is full, so nothing more of the file was kept; free some space, and get it again to go on."
            : sentence;
        var summary = Summarise(item) with { State = FileState.Failed };
        if (item.Stage == FileStage.Preparing)
        {
            Forget(item);
            _events.Enqueue(new NodeEvent.FileChanged(summary));
            StartPreparing();
            return;
        }

        TellFile(item, null);
    }

    /// <summary>A block that came was checked, and kept where it is the right one.</summary>
    public void HandleBlockTaken(
        long number,
        int link,
        Bytes32 address,
        BlockVerdict verdict,
        int size,
        IReadOnlyList<BlockLink> children
    )
    {
        if (_files.TryGetValue(number, out var item) && item.Fetch is { } fetch)
        {
            if (verdict == BlockVerdict.Kept && link != 0)
            {
                _keptBytes += size;
                TellServed(item);
                item.Silent.Remove(link);
            }

            fetch.HandleTaken(link, address, verdict, size, children, _now);
            MarkFile(item);
        }
    }

    /// <summary>Blocks were read for somebody.</summary>
    public void HandleBlocksRead(
        int link,
        ushort channel,
        IReadOnlyList<(Bytes32 Address, ReadOnlyMemory<byte>? Bytes)> blocks
    )
    {
        if (_serving.TryGetValue((link, channel), out var serving))
        {
            serving.HandleRead(blocks);
            return;
        }

        foreach (var (_, bytes) in blocks)
        {
            FileWork.Return(bytes);
        }
    }

    /// <summary>It is known which blocks below a node are here.</summary>
    public void HandleNodeTold(int link, ushort channel, Bytes32 node, byte[]? bits)
    {
        if (_serving.TryGetValue((link, channel), out var serving))
        {
            serving.HandleAnswer(node, bits);
        }
    }

    /// <summary>A file lies in its place, durable and verified.</summary>
    public void HandleFilePut(long number, PlacedTree placed)
    {
        if (!_files.TryGetValue(number, out var item) || item.Stage != FileStage.Placing)
        {
            return;
        }

        (item.Work, item.Progress, item.Path, item.WasPlacing) = (null, null, placed.Path, false);
        SetStage(item, FileStage.Placed);
        TellFile(item, null);
        if (placed.Renamed + placed.LinksLeftOut > 0)
        {
            Notice(
                item.Chat,
                NoticeCode.Information,
                $"{item.File!.Name}: {placed.Renamed} names were changed and {placed.LinksLeftOut} symbolic links left out, because they could do harm."
            );
        }

        KeepQuota();
    }

    /// <summary>A file could not be put in place; its blocks stay, so that nothing is fetched again.</summary>
    public void HandlePutTrouble(long number, bool isDamaged, string sentence)
    {
        if (!_files.TryGetValue(number, out var item) || item.Stage != FileStage.Placing)
        {
            return;
        }

        (item.Work, item.Progress, item.Problem) = (null, null, sentence);
        item.Stage = isDamaged ? FileStage.Wanted : FileStage.Held; // blocks that were lost are seen when it is looked through
        _store.Files.Write(item);
        TellFile(item, null);
    }

    private void StartPlacing(FileItem item)
    {
        var ahead = item.Ahead; // of a job from here on
        item.Ahead = null;
        if (item.Folder is null)
        {
            SetStage(item, FileStage.Held);
            TellFile(item, null);
            return;
        }

        SetStage(item, FileStage.Placing);
        item.Work = new CancellationTokenSource();
        _effects.Enqueue(
            new EngineEffect.DoFileJob(
                new FileJob.Put(
                    item.Number,
                    item.File!,
                    _options.Blocks,
                    item.Folder,
                    item.Name,
                    item.WasPlacing,
                    ahead,
                    item.Work.Token
                )
            )
        );
    }
}
