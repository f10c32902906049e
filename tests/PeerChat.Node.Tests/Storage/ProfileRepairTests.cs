using PeerChat.Node.Storage;
using PeerChat.Node.Tests.Engine;
using PeerChat.Rooms.Crypto;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Storage;

/// <summary>Histories that are damaged on the disk: detected, and a way out that brings everything back from others.</summary>
public sealed class ProfileRepairTests
{
    private const int PageSize = 4096;
    private const int Messages = 300;

    [Theory]
    [InlineData(0.6, 4)]
    [InlineData(0.5, 20)]
    [InlineData(0.9, 8)]
    public void What_a_hole_in_the_file_took_comes_again_from_who_has_it(double at, int pages)
    {
        using var world = new EngineWorld(1);
        var (alice, bob) = Chatted(world);
        var before = alice.History("@" + bob.Id).Select(message => message.Text).ToList();
        var path = Stop(alice);
        Overwrite(path, at, pages, (_, position) => (byte)(position * 31));
        Should.Throw<StorageException>(() => ReadAll(alice)).Message.ShouldContain("peerchat repair");

        var report = Repair(alice);
        report.IsSound.ShouldBeFalse();
        report.DamagedRows.ShouldBeGreaterThan(0);
        File.Exists(report.KeptAs).ShouldBeTrue();
        report.Contacts.ShouldBe(1);
        report.Entries.ShouldBeLessThan(2 * Messages);

        alice.Start();
        alice.History("@" + bob.Id).Count.ShouldBeLessThan(before.Count);
        world.RunUntil(
            () => alice.History("@" + bob.Id).Count >= before.Count,
            TimeSpan.FromSeconds(120),
            "everything is there again"
        );
        alice.History("@" + bob.Id).Select(message => message.Text).ShouldBe(before);
        alice.Say(bob, "and it goes on");
        world.RunUntil(
            () => bob.Shown("@" + alice.Id).Contains("and it goes on"),
            TimeSpan.FromSeconds(30),
            "bob hears alice"
        );
        Repair(Stopped(alice)).IsSound.ShouldBeTrue();
    }

    [Fact]
    public void A_contact_whose_row_is_lost_comes_back_by_the_chat_with_them()
    {
        using var world = new EngineWorld(6);
        var (alice, bob) = Chatted(world);
        var carol = world.Run("carol");
        world.Befriend(alice, carol);
        var root = (int)
            alice.Store.Database.ReadNumber("SELECT rootpage FROM sqlite_schema WHERE name = 'contacts'");
        var path = Stop(alice);
        var file = File.ReadAllBytes(path);
        file.AsSpan((root - 1) * PageSize, PageSize).Fill(0x5A);
        File.WriteAllBytes(path, file);

        var report = Repair(alice);
        report.ContactsAreDamaged.ShouldBeTrue();
        report.Contacts.ShouldBe(2);
        report.RecoveredContacts.ShouldBe(2);

        alice.Start();
        var contacts = alice.Ask(new NodeCommand.ListContacts()).ShouldBeOfType<NodeReply.Contacts>().All;
        contacts.ShouldContain(one => one.Name == "bob" && one.Trust == TrustState.Pinned);
        alice.History("@" + bob.Id).Count.ShouldBe(Messages);
        world.Run(TimeSpan.FromSeconds(30));
        alice.Say(bob, "and it goes on");
        world.RunUntil(
            () => bob.Shown("@" + alice.Id).Contains("and it goes on"),
            TimeSpan.FromSeconds(60),
            "bob hears alice"
        );
    }

    [Fact]
    public void Contacts_that_were_forgotten_do_not_come_back_with_other_damage()
    {
        using var world = new EngineWorld(7);
        var (alice, _) = Chatted(world);
        var path = Stop(alice);
        Overwrite(path, 0.6, 4, (_, position) => (byte)(position * 31));

        var report = Repair(alice);

        report.ContactsAreDamaged.ShouldBeFalse();
        report.RecoveredContacts.ShouldBe(0);
    }

    [Fact]
    public void One_wrong_bit_in_a_text_is_found_and_that_text_comes_again()
    {
        using var world = new EngineWorld(2);
        var (alice, bob) = Chatted(world);
        var payload = alice
            .Store.Database.Read(
                "SELECT payload FROM entries WHERE kind = 0 ORDER BY number LIMIT 1 OFFSET 200",
                row => row.GetBytes(0)
            )
            .Single();
        var path = Stop(alice);
        var file = File.ReadAllBytes(path);
        var where = file.AsSpan().IndexOf(payload.AsSpan(40, 60));
        where.ShouldBeGreaterThan(0);
        file[where + 5] ^= 1;
        File.WriteAllBytes(path, file);

        var report = Repair(alice);
        report.DamagedRows.ShouldBe(1);
        report.Dropped.ShouldBe(0);
        alice.Start();
        alice.History("@" + bob.Id).Count(message => message.Content == MessageContent.Missing).ShouldBe(1);
        world.RunUntil(
            () => alice.History("@" + bob.Id).All(message => message.Content == MessageContent.Text),
            TimeSpan.FromSeconds(60),
            "the text comes again"
        );
    }

    [Fact]
    public void A_sound_history_stays_as_it_is()
    {
        using var world = new EngineWorld(3);
        var (alice, _) = Chatted(world);
        var path = Stop(alice);
        var before = File.ReadAllBytes(path);
        var report = Repair(alice);
        report.IsSound.ShouldBeTrue();
        report.Contacts.ShouldBe(1);
        File.ReadAllBytes(path).ShouldBe(before);
        Directory.GetFiles(Path.GetDirectoryName(path)!, "*damaged*").ShouldBeEmpty();
    }

    [Fact]
    public void Of_a_file_without_its_beginning_nothing_is_left_but_a_new_one_that_works()
    {
        using var world = new EngineWorld(4);
        var (alice, _) = Chatted(world);
        var path = Stop(alice);
        Overwrite(path, 0, 2, (_, _) => 0xFF);
        var report = Repair(alice);
        report.ShouldSatisfyAllConditions(
            one => one.IsSound.ShouldBeFalse(),
            one => one.Contacts.ShouldBe(0),
            one => one.Entries.ShouldBe(0)
        );
        alice.Start();
        alice.Ask(new NodeCommand.ListContacts()).ShouldBeOfType<NodeReply.Contacts>().All.ShouldBeEmpty();
    }

    [Fact]
    public void A_profile_that_is_in_use_is_not_touched()
    {
        using var world = new EngineWorld(5);
        var (alice, _) = Chatted(world);
        Should.Throw<ProfileInUseException>(() => Repair(alice));
    }

    private static (SimulatedNode Alice, SimulatedNode Bob) Chatted(EngineWorld world)
    {
        var alice = world.Run("alice");
        var bob = world.Run("bob");
        world.Befriend(alice, bob);
        for (var i = 0; i < Messages / 2; i++)
        {
            alice.Say(bob, $"from alice {i} {new string('a', i)}");
            bob.Say(alice, $"from bob {i} {new string('b', i)}");
        }

        world.RunUntil(
            () =>
                alice.Shown("@" + bob.Id).Count == Messages / 2
                && bob.Shown("@" + alice.Id).Count == Messages / 2,
            TimeSpan.FromSeconds(60),
            "all is said"
        );
        return (alice, bob);
    }

    private static string Stop(SimulatedNode node)
    {
        var path = node.Store.Folder.DatabasePath;
        node.Store.TruncateLog();
        Stopped(node);
        return path;
    }

    private static SimulatedNode Stopped(SimulatedNode node)
    {
        node.Stop();
        return node;
    }

    private static void Overwrite(string path, double at, int pages, Func<byte, long, byte> change)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var first = (long)(file.Length / PageSize * at) * PageSize;
        var bytes = new byte[Math.Min(pages * PageSize, file.Length - first)];
        file.Position = first;
        file.ReadExactly(bytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = change(bytes[i], first + i);
        }

        file.Position = first;
        file.Write(bytes);
    }

    private static RepairReport Repair(SimulatedNode node)
    {
        var folder = node.Folder;
        return ProfileRepair.Run(folder, Keystore.Open(folder.KeystorePath, new SystemKeySource()));
    }

    // What reads the whole file meets the hole, wherever it lies
    private static void ReadAll(SimulatedNode node)
    {
        using var database = ProfileDatabase.OpenOwner(node.Folder.DatabasePath);
        database.CheckWhole();
    }
}
