using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>The path of admissions from the creator; smaller is senior (crypto.md section 4).</summary>
/// <remarks>Lexicographic with the shorter first, by the seq of each add in its author's log, then by the add's id.</remarks>
internal sealed class SeniorityRank
{
    /// <summary>The creator's.</summary>
    public static readonly SeniorityRank Creator = new([]);

    /// <summary>From senior to junior.</summary>
    public static readonly IComparer<SeniorityRank> Order = Comparer<SeniorityRank>.Create(
        (one, other) => one.Against(other)
    );

    private readonly (ulong Seq, EntryId Id)[] _path;

    private SeniorityRank((ulong, EntryId)[] path) => _path = path;

    /// <summary>How many admissions lie between the creator and this author.</summary>
    public int Depth => _path.Length;

    /// <summary>The rank of whom an author of this rank added.</summary>
    public SeniorityRank Below(ulong addSeq, EntryId add) => new([.. _path, (addSeq, add)]);

    /// <summary>Negative where this rank is senior to the other.</summary>
    public int Against(SeniorityRank other)
    {
        for (var i = 0; i < _path.Length && i < other._path.Length; i++)
        {
            var order = _path[i].Seq.CompareTo(other._path[i].Seq);
            order = order != 0 ? order : _path[i].Id.CompareTo(other._path[i].Id);
            if (order != 0)
            {
                return order;
            }
        }

        return _path.Length.CompareTo(other._path.Length);
    }
}
