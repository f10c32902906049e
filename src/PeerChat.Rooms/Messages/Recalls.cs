using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms.Messages;

/// <summary>The recalls that count, by what they recall.</summary>
/// <remarks>Whether one counts is decided when it arrives (crypto.md section 4); what is in the store was decided so.</remarks>
internal sealed class Recalls(RoomState room)
{
    private readonly Dictionary<EntryId, List<SeqOf>> _recalls = [];

    /// <summary>The target that control bytes name.</summary>
    public static EntryId TargetOf(EntryHeader header) =>
        new(new Primitives.Bytes32(header.Control.Span[Primitives.Bytes32.Size..]));

    /// <summary>Takes a recall in.</summary>
    public void Add(EntryId target, AuthorId by, ulong seq)
    {
        if (!_recalls.TryGetValue(target, out var list))
        {
            _recalls.Add(target, list = []);
        }

        var recall = new SeqOf(by, seq);
        if (!list.Contains(recall))
        {
            list.Add(recall);
        }
    }

    /// <summary>Whether an entry is recalled by somebody who may.</summary>
    public bool Contains(EntryId target, AuthorLog of) => Counting(target, of).Any();

    /// <summary>Whether one of one's own identity asked for it: only then is it known who has heard of it.</summary>
    public bool IsOwn(EntryId target, AuthorLog of) =>
        Counting(target, of).Any(recall => room.Authors.TryGet(recall.Author, out var by) && room.IsOwn(by));

    /// <summary>How far a recall has come: who holds the entry that asks for it has deleted the content with the same commit.</summary>
    public RecallProgress ProgressOf(EntryId target, AuthorLog of, Sync.Receipts receipts)
    {
        var recalls = Counting(target, of).ToList();
        var devices = room
            .Authors.All.Where(one => one.Id != room.Own.Id && room.Rules.IsMember(one))
            .ToList();
        return new RecallProgress(
            devices.Count,
            devices.Count(device =>
                recalls.Exists(recall =>
                    recall.Author == device.Id || receipts.ConfirmedBy(device.Id, recall.Author) >= recall.Seq
                )
            )
        );
    }

    private IEnumerable<SeqOf> Counting(EntryId target, AuthorLog of) =>
        (_recalls.GetValueOrDefault(target) ?? []).Where(recall =>
            room.Authors.TryGet(recall.Author, out var by)
            && !room.Rules.IsVoid(by, recall.Seq, EntryKind.Recall)
            && room.Rules.MayRecall(by, of)
        );
}
