using System.Buffers.Binary;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms.Tests.Membership;

/// <summary>A made-up history of a private room's control entries; ids are numbers, nothing is signed.</summary>
internal sealed class MembershipHistory(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<AuthorId, (ulong Seq, EntryId Control)> _heads = [];
    private uint _nextId;

    public List<ControlFact> Facts { get; } = [];

    public AuthorId Creator { get; private set; }

    public RoomId Room => new(Facts[0].Id.Value);

    public RoomRoll Roll => MembershipRules.Evaluate(Room, Facts);

    public static AuthorId Author(int number) => new(Number((uint)number));

    public MembershipHistory Create(int creator = 0)
    {
        Creator = Author(creator);
        Write(Creator, EntryKind.Genesis);
        return this;
    }

    public ControlFact Write(AuthorId author, EntryKind kind, Func<ControlFact, ControlFact>? with = null)
    {
        var head = _heads.GetValueOrDefault(author);
        return WriteAt(author, kind, head.Seq + 1, head.Control, with);
    }

    /// <summary>Another branch: an entry behind one of the author's earlier ones.</summary>
    public ControlFact WriteAt(
        AuthorId author,
        EntryKind kind,
        ulong seq,
        EntryId previous,
        Func<ControlFact, ControlFact>? with = null
    )
    {
        // Ids are scattered, so that their order says nothing of when they were made.
        var id = new EntryId(Number(unchecked((++_nextId * 2654435761u) ^ 0x5bd1e995u)));
        var fact = new ControlFact(id, author, seq, kind, previous, (ulong)_random.Next(1, 1000));
        fact = with?.Invoke(fact) ?? fact;
        Facts.Add(fact);
        _heads[author] = (seq, id);
        return fact;
    }

    public void Admit(AuthorId by, AuthorId target, MemberRole role = MemberRole.Member)
    {
        var add = Write(by, EntryKind.Add, f => f with { Target = target, Role = role });
        Write(target, EntryKind.Join, f => f with { Add = add.Id });
    }

    public void Change(AuthorId by, EntryKind kind, AuthorId target) =>
        Write(by, kind, f => f with { Target = target, Cut = CutOf(target) });

    public Cut CutOf(AuthorId target)
    {
        var head = _heads.GetValueOrDefault(target);
        return new Cut(head.Seq, head.Control, head.Control);
    }

    /// <summary>Goes on at random: admissions, changes, forks, backdated entries.</summary>
    public MembershipHistory Grow(int steps)
    {
        var count = 1;
        for (var i = 0; i < steps; i++)
        {
            var by = Author(_random.Next(count));
            var target = Author(_random.Next(count));
            switch (_random.Next(10))
            {
                case 0 or 1 or 2:
                    Admit(by, Author(count++), (MemberRole)_random.Next(3));
                    break;
                case 3:
                    Write(by, EntryKind.Promote, f => f with { Target = target });
                    break;
                case 4:
                    Change(by, EntryKind.Demote, target);
                    break;
                case 5:
                    Change(by, EntryKind.Remove, target);
                    break;
                case 6:
                    Write(
                        by,
                        EntryKind.Policy,
                        f => f with { Policy = HistoryPolicy.Last(_random.Next(1, 9)) }
                    );
                    break;
                case 7:
                    Write(by, EntryKind.Leave);
                    break;
                default:
                    Branch(by, target, ref count);
                    break;
            }
        }

        return this;
    }

    /// <summary>The author goes on behind one of its earlier entries, as a rolled-back or hostile profile does.</summary>
    private void Branch(AuthorId by, AuthorId target, ref int count)
    {
        var own = Facts.Where(f => f.Author == by).ToList();
        if (own.Count == 0)
        {
            return;
        }

        var at = own[_random.Next(own.Count)];
        var newcomer = Author(count);
        var kind = (EntryKind)_random.Next((int)EntryKind.Add, (int)EntryKind.Epoch);
        var fact = WriteAt(
            by,
            kind,
            at.Seq + 1,
            at.Id,
            f =>
                f with
                {
                    Target = kind == EntryKind.Add ? newcomer : target,
                    Role = MemberRole.Admin,
                    Cut = CutOf(target),
                }
        );
        if (kind == EntryKind.Add)
        {
            count++;
            Write(newcomer, EntryKind.Join, f => f with { Add = fact.Id });
        }
    }

    private static Bytes32 Number(uint number)
    {
        var bytes = new byte[Bytes32.Size];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        bytes[^1] = 1; // never zeros
        return new Bytes32(bytes);
    }
}
