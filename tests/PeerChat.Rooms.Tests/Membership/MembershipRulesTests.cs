using System.Globalization;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;
using Xunit;

namespace PeerChat.Rooms.Tests.Membership;

public sealed class MembershipRulesTests
{
    private static readonly AuthorId A = MembershipHistory.Author(0);
    private static readonly AuthorId B = MembershipHistory.Author(1);
    private static readonly AuthorId C = MembershipHistory.Author(2);
    private static readonly AuthorId D = MembershipHistory.Author(3);

    /// <summary>500 in the normal run; <c>PEERCHAT_MEMBERSHIP_HISTORIES=10000</c> is what crypto.md section 4 asks for.</summary>
    private static int Histories =>
        int.TryParse(
            Environment.GetEnvironmentVariable("PEERCHAT_MEMBERSHIP_HISTORIES"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var count
        )
            ? count
            : 500;

    [Fact]
    public void The_same_entries_give_the_same_members_in_every_arrival_order()
    {
        for (var seed = 0; seed < Histories; seed++)
        {
            var history = new MembershipHistory(seed).Create().Grow(60);
            var expected = Describe(history.Roll);
            var random = new Random(seed);
            for (var round = 0; round < 3; round++)
            {
                var shuffled = history.Facts.ToArray();
                random.Shuffle(shuffled);
                Assert.Equal(
                    expected,
                    Describe(MembershipRules.Evaluate(history.Room, shuffled.Concat(shuffled)))
                );
            }
        }
    }

    [Fact]
    public void Forked_and_backdated_entries_by_every_removed_author_change_nothing()
    {
        for (var seed = 0; seed < Histories; seed++)
        {
            var history = new MembershipHistory(seed).Create().Grow(25);
            var before = history.Roll;
            var removed = before
                .Authors.Values.Where(a => a.CutAt is not null)
                .Select(a => a.Author)
                .ToList();
            foreach (var author in removed)
            {
                foreach (var own in history.Facts.Where(f => f.Author == author).ToList())
                {
                    var add = history.WriteAt(
                        author,
                        EntryKind.Add,
                        own.Seq + 1,
                        own.Id,
                        f =>
                            f with
                            {
                                Target = MembershipHistory.Author(900),
                                Role = MemberRole.Admin,
                                Clock = 0,
                            }
                    );
                    history.Write(
                        MembershipHistory.Author(900),
                        EntryKind.Join,
                        f => f with { Add = add.Id }
                    );
                    foreach (var victim in before.Authors.Keys)
                    {
                        history.WriteAt(
                            author,
                            EntryKind.Remove,
                            own.Seq + 1,
                            own.Id,
                            f => f with { Target = victim, Clock = 0 }
                        );
                    }

                    history.WriteAt(author, EntryKind.Leave, own.Seq + 1, own.Id);
                }
            }

            Assert.Equal(Members(before), Members(history.Roll));
        }
    }

    [Fact]
    public void Forking_and_leaving_undoes_no_earlier_removal()
    {
        var history = new MembershipHistory(1).Create();
        history.Admit(A, B, MemberRole.Admin);
        var bJoined = history.Facts[^1];
        history.Admit(B, C);
        history.Change(B, EntryKind.Remove, C);
        history.WriteAt(B, EntryKind.Leave, bJoined.Seq + 1, bJoined.Id);

        Assert.Equal([A], history.Roll.Authors.Values.Where(a => a.IsMember).Select(a => a.Author));
    }

    [Fact]
    public void Of_two_who_remove_each_other_the_senior_stays()
    {
        var history = new MembershipHistory(1).Create();
        history.Admit(A, B, MemberRole.Admin);
        history.Admit(A, C, MemberRole.Admin);
        history.Change(C, EntryKind.Remove, B);
        history.Change(B, EntryKind.Remove, C);

        var roll = history.Roll;
        Assert.True(roll.IsMember(B));
        Assert.False(roll.IsMember(C));
    }

    [Fact]
    public void Nobody_removes_a_senior_and_the_creator_is_removed_by_nobody()
    {
        var history = new MembershipHistory(1).Create();
        history.Admit(A, B, MemberRole.Admin);
        history.Change(B, EntryKind.Remove, A);

        Assert.True(history.Roll.IsMember(A));
        Assert.False(history.Roll.IsOver(B, A));
        Assert.True(history.Roll.IsOver(A, B));
    }

    [Fact]
    public void An_inviter_admits_members_and_inviters_but_no_admin()
    {
        var history = new MembershipHistory(1).Create();
        history.Admit(A, B, MemberRole.Inviter);
        history.Admit(B, C, MemberRole.Inviter);
        history.Admit(B, D, MemberRole.Admin);

        Assert.Equal(MemberRole.Inviter, history.Roll.Find(C)!.Role);
        Assert.Null(history.Roll.Find(D));
    }

    [Fact]
    public void A_member_admits_nobody_until_it_is_promoted()
    {
        var history = new MembershipHistory(1).Create();
        history.Admit(A, B);
        history.Admit(B, C);
        Assert.False(history.Roll.IsMember(C));

        history.Write(A, EntryKind.Promote, f => f with { Target = B });
        history.Admit(B, D);
        Assert.True(history.Roll.IsMember(D));
    }

    [Fact]
    public void A_demoted_admin_stays_a_member_and_what_it_did_before_still_counts()
    {
        var history = new MembershipHistory(1).Create();
        history.Admit(A, B, MemberRole.Admin);
        history.Admit(B, C);
        history.Change(A, EntryKind.Demote, B);
        history.Admit(B, D);

        var roll = history.Roll;
        Assert.Equal(MemberRole.Member, roll.Find(B)!.Role);
        Assert.True(roll.IsMember(C));
        Assert.False(roll.IsMember(D));

        history.Write(B, EntryKind.Leave);
        Assert.False(history.Roll.IsMember(B));
    }

    [Fact]
    public void A_removed_key_does_not_come_back_by_another_add()
    {
        var history = new MembershipHistory(1).Create();
        history.Admit(A, B);
        history.Change(A, EntryKind.Remove, B);
        history.Write(A, EntryKind.Add, f => f with { Target = B });

        Assert.False(history.Roll.IsMember(B));
    }

    [Fact]
    public void An_author_is_ranked_only_by_the_add_that_its_join_names()
    {
        var history = new MembershipHistory(1).Create();
        history.Write(A, EntryKind.Add, f => f with { Target = B });
        history.Write(B, EntryKind.Join, f => f with { Add = default });

        Assert.Null(history.Roll.Find(B));
    }

    [Fact]
    public void Nothing_counts_behind_a_gap_in_the_chain()
    {
        var history = new MembershipHistory(1).Create();
        var key = history.Write(A, EntryKind.Key);
        history.Admit(A, B);
        Assert.True(history.Roll.IsMember(B));

        history.Facts.Remove(key);
        Assert.False(history.Roll.IsMember(B));
    }

    [Fact]
    public void The_policy_is_the_admins_entry_with_the_greatest_clock()
    {
        var history = new MembershipHistory(1).Create();
        history.Admit(A, B, MemberRole.Admin);
        history.Admit(A, C);
        history.Write(A, EntryKind.Policy, f => f with { Policy = HistoryPolicy.Last(3), Clock = 2001 });
        history.Write(B, EntryKind.Policy, f => f with { Policy = HistoryPolicy.All, Clock = 2002 });
        history.Write(C, EntryKind.Policy, f => f with { Policy = HistoryPolicy.Last(9), Clock = 2003 });

        Assert.Equal(HistoryPolicy.All, history.Roll.Policy);
    }

    [Fact]
    public void Nobody_was_admitted_before_who_admitted_it()
    {
        var history = new MembershipHistory(1).Create();
        var first = history.Write(
            A,
            EntryKind.Add,
            f => f with { Target = B, Role = MemberRole.Inviter, Clock = 500 }
        );
        history.Write(B, EntryKind.Join, f => f with { Add = first.Id });
        var backdated = history.Write(B, EntryKind.Add, f => f with { Target = C, Clock = 3 });
        history.Write(C, EntryKind.Join, f => f with { Add = backdated.Id });

        Assert.Equal(0UL, history.Roll.Find(A)!.AdmittedAt);
        Assert.Equal(500UL, history.Roll.Find(B)!.AdmittedAt);
        Assert.Equal(500UL, history.Roll.Find(C)!.AdmittedAt);
    }

    [Fact]
    public void Seniority_ends_at_its_greatest_depth()
    {
        var history = new MembershipHistory(1).Create();
        for (var i = 0; i <= MembershipRules.MaxDepth; i++)
        {
            history.Admit(MembershipHistory.Author(i), MembershipHistory.Author(i + 1), MemberRole.Inviter);
        }

        Assert.True(history.Roll.IsMember(MembershipHistory.Author(MembershipRules.MaxDepth)));
        Assert.False(history.Roll.IsMember(MembershipHistory.Author(MembershipRules.MaxDepth + 1)));
    }

    private static string Members(RoomRoll roll) =>
        string.Join(
            '\n',
            roll.Authors.Values.Where(a => a.IsMember)
                .OrderBy(a => a.Author)
                .Select(a => $"{a.Author} {a.Role} {a.Add}")
        );

    private static string Describe(RoomRoll roll) =>
        Members(roll)
        + string.Join(
            '\n',
            roll.Authors.Values.OrderBy(a => a.Author).Select(a => $"{a.Author} {a.CutAt} {a.HasLeft}")
        )
        + roll.Policy;
}
