using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Membership;

/// <summary>Membership of a private room as a pure function of the set of its valid control entries (crypto.md section 4).</summary>
/// <remarks>
/// <para>
/// Authors are evaluated from senior to junior. Whoever could cut an author is senior to it, so all its cuts are known when its
/// turn comes; what it did is judged then, once. Neither hash, clock nor arrival order decides between authors.
/// </para>
/// <para>
/// A remove cuts all that the target writes after it. A demote cuts what needs a role (add, promote, demote, remove, policy), and
/// cannot be taken back: what a demoted author wrote on another branch must not come to life by a later promotion. Who was demoted
/// goes on as a member with all else, or comes back under a new author key.
/// </para>
/// </remarks>
internal static class MembershipRules
{
    /// <summary>
    /// Admissions between the creator and an author at most. Longer paths need colluding inviters and would cost memory with the
    /// square; a room of 1,024 in which each admits two is ten deep.
    /// </summary>
    public const int MaxDepth = 64;

    /// <summary>Evaluates a set; the order of the facts does not matter, nor do repetitions.</summary>
    public static RoomRoll Evaluate(RoomId room, IEnumerable<ControlFact> facts)
    {
        var work = new Evaluation(room, facts);
        return work.Run();
    }

    private sealed class Evaluation(RoomId room, IEnumerable<ControlFact> facts)
    {
        private readonly Dictionary<EntryId, ControlFact> _byId = [];
        private readonly Dictionary<AuthorId, List<ControlFact>> _byAuthor = [];
        private readonly Dictionary<EntryId, List<ControlFact>> _joinsOfAdd = [];
        private readonly Dictionary<AuthorId, List<Cut>> _removals = [];
        private readonly Dictionary<AuthorId, List<Cut>> _demotions = [];
        private readonly HashSet<AuthorId> _promoted = [];
        private readonly Dictionary<AuthorId, RollEntry> _roll = [];
        private readonly HashSet<EntryId> _counted = [];
        private readonly Dictionary<EntryId, bool> _whole = []; // and whether a leave lies before it
        private readonly SortedDictionary<SeniorityRank, (AuthorId Author, ControlFact? Add)> _turns = new(
            SeniorityRank.Order
        );
        private ControlFact? _policy;

        public RoomRoll Run()
        {
            foreach (var fact in facts)
            {
                if (_byId.TryAdd(fact.Id, fact))
                {
                    ListOf(_byAuthor, fact.Author).Add(fact);
                    if (fact.Kind == EntryKind.Join)
                    {
                        ListOf(_joinsOfAdd, fact.Add).Add(fact);
                    }
                }
            }

            if (
                !_byId.TryGetValue(new EntryId(room.Value), out var genesis)
                || genesis.Kind != EntryKind.Genesis
            )
            {
                return RoomRoll.Empty;
            }

            _policy = genesis;
            _turns.Add(SeniorityRank.Creator, (genesis.Author, null));
            while (_turns.Count > 0)
            {
                var (rank, (author, add)) = _turns.First();
                _turns.Remove(rank);
                if (!_roll.ContainsKey(author)) // an author with two joins has the more senior rank
                {
                    Judge(author, rank, add);
                }
            }

            return new RoomRoll(_roll, _counted, _policy.Policy);
        }

        private void Judge(AuthorId author, SeniorityRank rank, ControlFact? add)
        {
            var removals = _removals.GetValueOrDefault(author);
            var demotions = _demotions.GetValueOrDefault(author);
            var kept = ChainsOf(removals);
            var authoritative = ChainsOf(demotions);
            var left = false;
            var role = add is null || _promoted.Contains(author) ? MemberRole.Admin : add.Role;
            foreach (var fact in ListOf(_byAuthor, author).OrderBy(f => f.Seq).ThenBy(f => f.Id))
            {
                if (!IsWhole(fact, out var followsLeave) || followsLeave || kept?.Contains(fact.Id) == false)
                {
                    continue;
                }

                left |= fact.Kind == EntryKind.Leave;
                if (authoritative?.Contains(fact.Id) != false)
                {
                    Apply(fact, rank, role);
                }
            }

            _roll.Add(
                author,
                new RollEntry(
                    author,
                    rank,
                    demotions is null ? role : MemberRole.Member,
                    add?.Id ?? default,
                    add?.Author ?? author
                )
                {
                    AdmittedAt = add is null ? 0 : Math.Max(add.Clock, _roll[add.Author].AdmittedAt),
                    CutAt = removals?.Min(cut => cut.Seq),
                    HasLeft = left,
                    IsDemoted = demotions is not null,
                }
            );
        }

        private void Apply(ControlFact fact, SeniorityRank rank, MemberRole role)
        {
            switch (fact.Kind)
            {
                case EntryKind.Add
                    when (
                        role == MemberRole.Admin
                        || (role == MemberRole.Inviter && fact.Role < MemberRole.Admin)
                    )
                        && rank.Depth < MaxDepth:
                    _counted.Add(fact.Id);
                    foreach (var join in ListOf(_joinsOfAdd, fact.Id).Where(j => j.Author == fact.Target))
                    {
                        // The rank holds the add's id, so no two adds have one rank.
                        _turns.TryAdd(rank.Below(fact.Seq, fact.Id), (join.Author, fact));
                    }

                    break;
                case EntryKind.Promote when MayChange(role, fact):
                    _counted.Add(fact.Id);
                    _promoted.Add(fact.Target);
                    break;
                case EntryKind.Demote when MayChange(role, fact):
                    _counted.Add(fact.Id);
                    ListOf(_demotions, fact.Target).Add(fact.Cut);
                    break;
                case EntryKind.Remove when MayChange(role, fact):
                    _counted.Add(fact.Id);
                    ListOf(_removals, fact.Target).Add(fact.Cut);
                    break;
                case EntryKind.Policy when role == MemberRole.Admin:
                    _counted.Add(fact.Id);
                    _policy =
                        (fact.Clock, fact.Id).CompareTo((_policy!.Clock, _policy.Id)) > 0 ? fact : _policy;
                    break;
                default:
                    break;
            }
        }

        // Whoever was judged already is senior, or is oneself.
        private bool MayChange(MemberRole role, ControlFact fact) =>
            role == MemberRole.Admin && fact.Target != fact.Author && !_roll.ContainsKey(fact.Target);

        // What lies on every chain that ends at a cut's last control entry; null where there is no cut.
        private HashSet<EntryId>? ChainsOf(List<Cut>? cuts)
        {
            HashSet<EntryId>? kept = null;
            foreach (var cut in cuts ?? [])
            {
                var chain = new HashSet<EntryId>();
                for (
                    var at = cut.Control;
                    _byId.TryGetValue(at, out var fact) && chain.Add(at);
                    at = fact.Previous
                ) { }

                if (kept is null)
                {
                    kept = chain;
                }
                else
                {
                    kept.IntersectWith(chain);
                }
            }

            return kept;
        }

        // Down to a first entry without a gap; a gap is filled when the entry comes, and until then nothing behind it counts.
        // An author's entries are judged by rising seq, so what is before was looked at before.
        private bool IsWhole(ControlFact fact, out bool followsLeave)
        {
            followsLeave = false;
            var isWhole = fact.Seq == 1 && fact.Previous.Value.IsZero;
            if (
                !isWhole
                && _byId.TryGetValue(fact.Previous, out var before)
                && before.Author == fact.Author
                && before.Seq < fact.Seq
                && _whole.TryGetValue(before.Id, out var isBehindLeave)
            )
            {
                isWhole = true;
                followsLeave = isBehindLeave || before.Kind == EntryKind.Leave;
            }

            if (isWhole)
            {
                _whole[fact.Id] = followsLeave;
            }

            return isWhole;
        }

        private static List<ControlFact> ListOf<TKey>(Dictionary<TKey, List<ControlFact>> lists, TKey key)
            where TKey : notnull
        {
            if (!lists.TryGetValue(key, out var list))
            {
                lists.Add(key, list = []);
            }

            return list;
        }

        private static List<Cut> ListOf(Dictionary<AuthorId, List<Cut>> lists, AuthorId key)
        {
            if (!lists.TryGetValue(key, out var list))
            {
                lists.Add(key, list = []);
            }

            return list;
        }
    }
}
