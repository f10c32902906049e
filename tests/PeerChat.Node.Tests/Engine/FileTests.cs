using PeerChat.Node.Engine;
using PeerChat.Node.Files;
using PeerChat.Primitives;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>Files between whole nodes, with their disks and all of WebRTC, in virtual time.</summary>
public sealed class FileTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1024 * 1024)]
    [InlineData(2_500_000)]
    public void A_file_comes_whole_and_lies_in_its_place(int size)
    {
        using var world = new EngineWorld(1);
        var (alice, bob) = Friends(world);
        var content = Write(alice, "photo.bin", size);
        var sent = Send(alice, bob, "photo.bin");
        sent.State.ShouldBe(FileState.Held);
        sent.Size.ShouldBe(size);

        world.Run(Moment);
        var message = bob.History("@" + alice.Id).ShouldHaveSingleItem();
        message.Content.ShouldBe(MessageContent.File);
        message.Text.ShouldBe("photo.bin");
        message.File!.State.ShouldBe(FileState.Announced);
        bob.Told<NodeEvent.FileChanged>().ShouldBeEmpty(); // nothing comes by itself

        var done = Get(bob, alice, "1");
        File.ReadAllBytes(done.Path!).ShouldBe(content);
        done.Path.ShouldBe(Path.Combine(bob.Downloads, "photo.bin"));
        done.Cid.ShouldBe(sent.Cid);
        world.Run(Moment);
        alice.Told<NodeEvent.FileChanged>().Last().File.Holders.ShouldBe(1);
        Directory.EnumerateFileSystemEntries(bob.Downloads).Count().ShouldBe(1);
    }

    [Fact]
    public void A_folder_comes_with_all_that_is_in_it()
    {
        using var world = new EngineWorld(2);
        var (alice, bob) = Friends(world);
        Directory.CreateDirectory(alice.PathOf("trip/day one"));
        File.WriteAllText(alice.PathOf("trip/notes.txt"), "sun");
        File.WriteAllText(alice.PathOf("trip/day one/empty"), "");
        File.WriteAllText(alice.PathOf("trip/.hidden"), "no");
        Send(alice, bob, "trip").IsFolder.ShouldBeTrue();
        world.Run(Moment);
        var done = Get(bob, alice, "1");
        File.ReadAllText(Path.Combine(done.Path!, "notes.txt")).ShouldBe("sun");
        File.Exists(Path.Combine(done.Path!, "day one", "empty")).ShouldBeTrue();
        File.Exists(Path.Combine(done.Path!, ".hidden")).ShouldBeFalse();
    }

    [Fact]
    public void Who_gave_nothing_for_a_while_is_asked_again_on_the_same_link()
    {
        using var world = new EngineWorld(23);
        var (alice, bob) = Friends(world);
        var content = Write(alice, "late.bin", 300_000);
        Send(alice, bob, "late.bin");
        world.Run(Moment);
        alice.IsDiskStuck = true;
        bob.Do(new NodeCommand.GetFile("@" + alice.Id, "1"));
        world.Run(Long + Long);
        bob.Told<NodeEvent.FileChanged>().Last().File.State.ShouldNotBe(FileState.Complete);

        alice.IsDiskStuck = false;
        world.RunUntil(
            () => bob.Told<NodeEvent.FileChanged>().Last().File.State == FileState.Complete,
            Long,
            "the file to come after all"
        );
        File.ReadAllBytes(bob.Told<NodeEvent.FileChanged>().Last().File.Path!).ShouldBe(content);
    }

    [Theory]
    [InlineData(null, 15)]
    [InlineData(15, 30)]
    [InlineData(400, 600)]
    [InlineData(600, 600)]
    public void Who_gives_nothing_again_and_again_is_asked_ever_more_rarely(int? before, int next)
    {
        SilentHolder? known = before is { } pause
            ? new SilentHolder(Instant.Origin, TimeSpan.FromSeconds(pause))
            : null;
        var silent = SilentHolder.After(known, Instant.Origin);
        silent.AskAt.ShouldBe(Instant.Origin + TimeSpan.FromSeconds(next));
        silent.Heard().AskAt.ShouldBe(Instant.Origin + SilentHolder.FirstPause);
    }

    [Fact]
    public void Thousands_of_small_files_cost_few_waits_for_the_disk()
    {
        const int Files = 2_000;
        using var world = new EngineWorld(20);
        var (alice, bob) = Friends(world);
        for (var number = 0; number < Files; number++)
        {
            Directory.CreateDirectory(alice.PathOf($"many/{number % 20}"));
            File.WriteAllText(alice.PathOf($"many/{number % 20}/{number}"), $"the file of number {number}");
        }

        Send(alice, bob, "many");
        world.Run(Moment);
        var (given, kept, turns) = (alice.Store.Commits, bob.Store.Commits, world.Effects.Count);
        Get(bob, alice, "1");
        (alice.Store.Commits - given).ShouldBeLessThan(10); // none for a block
        (bob.Store.Commits - kept).ShouldBeLessThan(10);
        var reads = world
            .Effects.Skip(turns)
            .Count(one => one.Effect is EngineEffect.DoFileJob { Job: FileJob.Give });
        reads.ShouldBeLessThan(Files / 10); // as many in one go as are wanted
    }

    [Fact]
    public void Nothing_that_is_there_is_written_over()
    {
        using var world = new EngineWorld(3);
        var (alice, bob) = Friends(world);
        Write(alice, "a.txt", 10);
        Send(alice, bob, "a.txt");
        world.Run(Moment);
        Directory.CreateDirectory(bob.Downloads);
        File.WriteAllText(Path.Combine(bob.Downloads, "a.txt"), "mine");
        Get(bob, alice, "1").Path.ShouldBe(Path.Combine(bob.Downloads, "a (2).txt"));
        File.ReadAllText(Path.Combine(bob.Downloads, "a.txt")).ShouldBe("mine");
    }

    [Fact]
    public void What_the_disk_holds_is_ciphertext()
    {
        using var world = new EngineWorld(4);
        var (alice, bob) = Friends(world);
        var secret = string.Concat(Enumerable.Repeat("the plan that nobody may read ", 100));
        File.WriteAllText(alice.PathOf("plan.txt"), secret);
        Send(alice, bob, "plan.txt");
        world.Run(Moment);
        Get(bob, alice, "1");
        foreach (var node in new[] { alice, bob })
        {
            foreach (
                var file in Directory
                    .EnumerateFiles(node.PathOf("profile"), "*", SearchOption.AllDirectories)
                    .Where(path => !path.EndsWith("lock", StringComparison.Ordinal)) // held, and empty
            )
            {
                using var stream = new FileStream(
                    file,
                    new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete }
                );
                using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
                var bytes = reader.ReadToEnd();
                bytes.ShouldNotContain("nobody may read", customMessage: file);
                bytes.ShouldNotContain("plan.txt", customMessage: file);
            }
        }
    }

    [Fact]
    public void A_third_gets_it_from_the_second_when_the_author_is_gone()
    {
        using var world = new EngineWorld(5);
        var (alice, bob, carol) = Room(world);
        var content = Write(alice, "film.bin", 3_000_000);
        Send(alice, "#dev", "film.bin");
        world.Run(Moment);
        GetIn(bob, "#dev", "1");
        world.Run(Moment);
        alice.Stop();
        var done = GetIn(carol, "#dev", "1");
        File.ReadAllBytes(done.Path!).ShouldBe(content);
        world.Run(Moment);
        bob.Told<NodeEvent.FileChanged>().Last().File.Given.ShouldBeGreaterThan(3_000_000);
    }

    [Fact]
    public void One_who_has_a_part_gives_it_while_it_fetches_the_rest()
    {
        using var world = new EngineWorld(6);
        var (alice, bob, carol) = Room(world);
        alice.Transfers = new TransferOptions { UploadLimit = 500_000 };
        alice.Stop();
        alice.Start();
        world.RunUntil(() => alice.IsConnected("#dev"), Long, "alice is back");
        Write(alice, "film.bin", 8_000_000);
        Send(alice, "#dev", "film.bin");
        world.Run(Moment);
        var both = new[] { bob, carol };
        foreach (var node in both)
        {
            node.Ask(new NodeCommand.GetFile("#dev", "1")).ShouldBeOfType<NodeReply.FileStarted>();
        }

        world.RunUntil(() => both.All(IsComplete), TimeSpan.FromMinutes(2), "both have it");
        // Each had half of it from the other: together little more than one copy left alice
        Given(alice).ShouldBeLessThan(13_000_000);
        (Given(bob) + Given(carol)).ShouldBeGreaterThan(3_000_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Kills_on_both_sides_cost_nothing_that_came(int seed)
    {
        using var world = new EngineWorld(seed);
        var random = new Random(seed);
        var (alice, bob) = Friends(world);
        alice.Transfers = new TransferOptions { UploadLimit = 1_500_000 };
        Restart(world, alice);
        var content = Write(alice, "big.bin", 6_000_000);
        Send(alice, bob, "big.bin");
        world.Run(Moment);
        bob.Ask(new NodeCommand.GetFile("@" + alice.Id, "1")).ShouldBeOfType<NodeReply.FileStarted>();
        for (var kill = 0; kill < 4 && !IsComplete(bob); kill++)
        {
            world.Run(TimeSpan.FromSeconds(random.NextDouble() * 2));
            Restart(world, random.Next(2) == 0 ? alice : bob);
        }

        world.RunUntil(() => IsComplete(bob), TimeSpan.FromMinutes(3), "complete after all");
        File.ReadAllBytes(Complete(bob).Path!).ShouldBe(content);
        Directory.EnumerateFileSystemEntries(bob.Downloads).Count().ShouldBe(1);
    }

    [Fact]
    public void A_kill_while_it_is_read_has_it_read_again_and_announced_once()
    {
        using var world = new EngineWorld(8);
        var (alice, bob) = Friends(world);
        Write(alice, "a.bin", 100_000);
        alice.Ask(new NodeCommand.SendFile("@" + bob.Id, alice.PathOf("a.bin"), "once"));
        alice.Crash();
        alice.Start();
        alice.Ask(new NodeCommand.SendFile("@" + bob.Id, alice.PathOf("a.bin"), "once"));
        world.RunUntil(() => bob.History("@" + alice.Id).Count == 1, Long, "announced");
        world.Run(Moment);
        bob.History("@" + alice.Id).Count.ShouldBe(1);
        Directory.EnumerateFiles(alice.PathOf("profile/files"), "new-*").ShouldBeEmpty();
    }

    [Fact]
    public void A_recall_deletes_the_blocks_everywhere()
    {
        using var world = new EngineWorld(9);
        var (alice, bob) = Friends(world);
        Write(alice, "oops.bin", 200_000);
        var sent = Send(alice, bob, "oops.bin");
        world.Run(Moment);
        var placed = Get(bob, alice, "1").Path!;
        Blocks(alice).ShouldNotBeEmpty();
        Blocks(bob).ShouldNotBeEmpty();
        alice.Ask(new NodeCommand.RecallMessage("@" + bob.Id, sent.File)).ShouldBeOfType<NodeReply.Changed>();
        world.Run(Moment);
        Blocks(alice).ShouldBeEmpty();
        Blocks(bob).ShouldBeEmpty();
        File.Exists(placed).ShouldBeTrue(); // what the user saved is the user's
        bob.Told<NodeEvent.FileChanged>().Last().File.State.ShouldBe(FileState.Recalled);
        bob.Ask(new NodeCommand.GetFile("@" + alice.Id, sent.File)).ShouldBeOfType<NodeReply.Refused>();
    }

    [Fact]
    public void A_recall_ends_what_is_being_fetched()
    {
        using var world = new EngineWorld(10);
        var (alice, bob) = Friends(world);
        alice.Transfers = new TransferOptions { UploadLimit = 200_000 };
        Restart(world, alice);
        Write(alice, "oops.bin", 5_000_000);
        var sent = Send(alice, bob, "oops.bin");
        world.Run(Moment);
        bob.Do(new NodeCommand.GetFile("@" + alice.Id, "1"));
        world.Run(TimeSpan.FromSeconds(8));
        Blocks(bob).ShouldNotBeEmpty();
        alice.Do(new NodeCommand.RecallMessage("@" + bob.Id, sent.File));
        world.Run(Moment);
        Blocks(bob).ShouldBeEmpty();
        bob.Told<NodeEvent.FileChanged>().Last().File.State.ShouldBe(FileState.Recalled);
    }

    [Fact]
    public void Small_pictures_of_contacts_come_by_themselves_and_into_no_folder()
    {
        using var world = new EngineWorld(11);
        var (alice, bob) = Friends(world);
        byte[] picture = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Bytes(5000)];
        File.WriteAllBytes(alice.PathOf("a.png"), picture);
        var sent = Send(alice, bob, "a.png", keepMetadata: true);
        world.RunUntil(
            () => bob.Told<NodeEvent.FileChanged>().Any(told => told.File.State == FileState.Held),
            Long,
            "the picture is there"
        );
        Directory.Exists(bob.Downloads).ShouldBeFalse();
        var read = bob.Ask(new NodeCommand.ReadFile("@" + alice.Id, sent.File, 0, 100_000))
            .ShouldBeOfType<NodeReply.FileBytes>();
        Convert.FromBase64String(read.Base64).ShouldBe(picture);
        read.IsLast.ShouldBeTrue();
    }

    [Fact]
    public void Great_pictures_and_those_of_whom_one_does_not_know_do_not_come_by_themselves()
    {
        using var world = new EngineWorld(12);
        var (alice, bob) = Friends(world);
        byte[] head = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A];
        File.WriteAllBytes(
            alice.PathOf("great.png"),
            [.. head, .. Bytes((int)NodeEngine.MaxAutomaticSize - head.Length + 1)]
        );
        Send(alice, bob, "great.png", keepMetadata: true);
        world.Run(Moment);
        bob.Told<NodeEvent.FileChanged>().ShouldBeEmpty();

        var (one, other, _) = Room(world, "x", "y", "z");
        File.WriteAllBytes(one.PathOf("small.png"), [.. head, .. Bytes(100)]);
        Send(one, "#dev", "small.png", keepMetadata: true);
        world.Run(Moment);
        other.History("#dev").Count.ShouldBe(1);
        other.Told<NodeEvent.FileChanged>().ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_comes_by_itself_where_the_user_says_so_and_the_chat_says_nothing_else()
    {
        using var world = new EngineWorld(31);
        var (alice, bob) = Friends(world);
        byte[] picture = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Bytes(5000)];
        bob.Ask(new NodeCommand.SetAutoFetch(AutoFetch.Nothing))
            .ShouldBeOfType<NodeReply.Settings>()
            .All.AutoFetch.ShouldBe(AutoFetch.Nothing);
        File.WriteAllBytes(alice.PathOf("a.png"), picture);
        Send(alice, bob, "a.png", keepMetadata: true);
        world.Run(Moment);
        bob.Told<NodeEvent.FileChanged>().ShouldBeEmpty();

        bob.Ask(new NodeCommand.SetAutoFetch(AutoFetch.Pictures, "@" + alice.Id))
            .ShouldBeOfType<NodeReply.Settings>()
            .All.AutoFetchIsOwn.ShouldBeTrue();
        File.WriteAllBytes(alice.PathOf("b.png"), picture);
        Send(alice, bob, "b.png", keepMetadata: true);
        world.RunUntil(
            () => bob.Told<NodeEvent.FileChanged>().Any(told => told.File.State == FileState.Held),
            Long,
            "the picture is there"
        );
        bob.Ask(new NodeCommand.SetAutoFetch(null, "@" + alice.Id))
            .ShouldBeOfType<NodeReply.Settings>()
            .All.AutoFetch.ShouldBe(AutoFetch.Nothing);
    }

    [Fact]
    public void Files_of_every_kind_come_by_themselves_up_to_64_MiB_where_the_user_wants_all()
    {
        using var world = new EngineWorld(32);
        var (one, other, third) = Room(world, "x", "y", "z");
        other.Ask(new NodeCommand.SetAutoFetch(AutoFetch.All, "#dev"));
        Write(one, "notes.bin", 70_000);
        Send(one, "#dev", "notes.bin");
        world.RunUntil(
            () => other.Told<NodeEvent.FileChanged>().Any(told => told.File.State == FileState.Held),
            Long,
            "the file is there"
        );
        Directory.Exists(other.Downloads).ShouldBeFalse();
        third.Told<NodeEvent.FileChanged>().ShouldBeEmpty();

        using (var great = File.Create(one.PathOf("great.bin")))
        {
            great.SetLength(NodeEngine.MaxAutomaticFile + 1);
        }

        Send(one, "#dev", "great.bin");
        world.Run(Moment);
        other.Told<NodeEvent.FileChanged>().ShouldAllBe(told => told.File.Name == "notes.bin");
    }

    [Fact]
    public void Quota_evicts_what_lies_in_its_place_and_never_what_only_this_profile_has()
    {
        using var world = new EngineWorld(13);
        var (alice, bob) = Friends(world);
        bob.Transfers = new TransferOptions { Quota = 1_500_000 };
        Restart(world, bob);
        for (var number = 1; number <= 3; number++)
        {
            Write(alice, $"{number}.bin", 1_000_000);
            Send(alice, bob, $"{number}.bin");
            world.Run(Moment);
            Get(bob, alice, "1");
            world.Run(Moment);
        }

        Blocks(bob).Count.ShouldBe(2); // one pack, in two files
        Write(bob, "mine.bin", 3_000_000);
        Send(bob, alice, "mine.bin");
        world.Run(Moment);
        var mine = Get(alice, bob, "1");
        mine.Size.ShouldBe(3_000_000);
    }

    [Fact]
    public void A_file_for_somebody_never_met_waits_as_texts_do()
    {
        using var world = new EngineWorld(14);
        var alice = world.Run("alice", node => node.ReleaseOutboxUnasked = true);
        var content = Write(alice, "early.bin", 50_000);
        alice.Join("bob");
        alice.Ask(new NodeCommand.SendFile("?bob", alice.PathOf("early.bin"), "early"));
        world.Run(Moment);
        alice.History("?bob").ShouldHaveSingleItem().Content.ShouldBe(MessageContent.File);
        Restart(world, alice);
        var bob = world.Run("bob", node => node.AcceptAny = true);
        alice.Join("bob");
        world.RunUntil(() => bob.IsConnectedTo(alice), Long, "connected");
        world.Run(Moment);
        File.ReadAllBytes(Get(bob, alice, "1").Path!).ShouldBe(content);
    }

    [Fact]
    public void What_cannot_be_done_is_refused_with_the_reason()
    {
        using var world = new EngineWorld(15);
        var (alice, bob) = Friends(world);
        Refusal(alice, new NodeCommand.SendFile("@" + bob.Id, "relative")).ShouldContain("no whole path");
        Refusal(alice, new NodeCommand.SendFile("#nowhere", "/tmp")).ShouldContain("no chat");
        Refusal(alice, new NodeCommand.GetFile("@" + bob.Id, "1")).ShouldContain("no file");
        Refusal(alice, new NodeCommand.GetFile("", "1")).ShouldContain("no file of any chat");
        alice.Do(new NodeCommand.SendFile("@" + bob.Id, alice.PathOf("nothing"), "x"));
        world.Run(Moment);
        var failed = alice.Told<NodeEvent.FileChanged>().Last().File;
        failed.State.ShouldBe(FileState.Failed);
        failed.Problem!.ShouldContain("nothing at");
        alice.History("@" + bob.Id).ShouldBeEmpty();
    }

    [Fact]
    public void Who_is_no_member_any_more_gets_no_block()
    {
        using var world = new EngineWorld(16);
        var (alice, bob) = Friends(world);
        Write(alice, "a.bin", 100);
        var sent = Send(alice, bob, "a.bin");
        world.Run(Moment);
        alice.Do(new NodeCommand.BlockPeer(bob.Id));
        bob.Do(new NodeCommand.GetFile("@" + alice.Id, sent.File));
        world.Run(TimeSpan.FromSeconds(20));
        IsComplete(bob).ShouldBeFalse();
        bob.Told<NodeEvent.FileChanged>().Last().File.State.ShouldBe(FileState.Waiting);
    }

    [Fact]
    public void Giving_up_deletes_what_came_and_getting_begins_anew()
    {
        using var world = new EngineWorld(17);
        var (alice, bob) = Friends(world);
        alice.Transfers = new TransferOptions { UploadLimit = 300_000 };
        Restart(world, alice);
        Write(alice, "a.bin", 4_000_000);
        Send(alice, bob, "a.bin");
        world.Run(Moment);
        bob.Do(new NodeCommand.GetFile("@" + alice.Id, "1"));
        world.Run(TimeSpan.FromSeconds(6));
        bob.Ask(new NodeCommand.CancelFile("@" + alice.Id, "1"))
            .ShouldBeOfType<NodeReply.FileStarted>()
            .File.State.ShouldBe(FileState.Cancelled);
        Blocks(bob).ShouldBeEmpty();
        world.Run(Moment);
        bob.Ask(new NodeCommand.ListFiles("@" + alice.Id))
            .ShouldBeOfType<NodeReply.Files>()
            .All.ShouldHaveSingleItem()
            .State.ShouldBe(FileState.Announced);
        Get(bob, alice, "1").State.ShouldBe(FileState.Complete);
    }

    [Fact]
    public void Who_gives_a_wrong_block_is_named_and_dropped_and_the_file_comes_from_another()
    {
        using var world = new EngineWorld(19);
        var (alice, bob, carol) = Room(world);
        var content = Write(alice, "film.bin", 3_000_000);
        Send(alice, "#dev", "film.bin");
        world.Run(Moment);
        GetIn(bob, "#dev", "1");
        world.Run(Moment);
        alice.Crash();
        // Bob's disk lies to him, and he to the others
        using (
            var pack = new FileStream(
                Blocks(bob).Single(path => path.EndsWith(".blocks", StringComparison.Ordinal)),
                new FileStreamOptions
                {
                    Mode = FileMode.Open,
                    Access = FileAccess.Write,
                    Share = FileShare.ReadWrite | FileShare.Delete,
                }
            )
        )
        {
            pack.Write(new byte[pack.Length]);
        }

        carol.Do(new NodeCommand.GetFile("#dev", "1"));
        world.RunUntil(
            () => carol.Told<NodeEvent.Notice>().Any(told => told.Text.Contains("bob sent a block")),
            Long,
            "bob is named"
        );
        world.Run(Moment);
        IsComplete(carol).ShouldBeFalse();
        alice.Start();
        world.RunUntil(() => IsComplete(carol), TimeSpan.FromMinutes(2), "complete from alice");
        File.ReadAllBytes(Complete(carol).Path!).ShouldBe(content);
    }

    [Fact]
    public void A_chat_line_does_not_wait_behind_a_file()
    {
        using var world = new EngineWorld(18);
        var (alice, bob) = Friends(world);
        Write(alice, "a.bin", 20_000_000);
        Send(alice, bob, "a.bin");
        world.Run(Moment);
        bob.Do(new NodeCommand.GetFile("@" + alice.Id, "1"));
        world.RunUntil(
            () => bob.Told<NodeEvent.FileChanged>().Any(told => told.File.Done > 1_000_000),
            Long,
            "it moves"
        );
        alice.Say(bob, "in between");
        var before = world.Now;
        world.RunUntil(() => bob.Shown().Contains("in between"), Long, "the line is there");
        (world.Now - before).ShouldBeLessThan(TimeSpan.FromMilliseconds(100));
        IsComplete(bob).ShouldBeFalse();
        world.RunUntil(() => IsComplete(bob), TimeSpan.FromMinutes(2), "complete");
    }

    private static (SimulatedNode Alice, SimulatedNode Bob) Friends(EngineWorld world)
    {
        var alice = world.Run("alice", node => node.AcceptAny = true);
        var bob = world.Run("bob", node => node.AcceptAny = true);
        alice.Join(bob);
        world.RunUntil(() => alice.IsConnectedTo(bob) && bob.IsConnectedTo(alice), Long, "met");
        // Whoever is accepted by --accept-any is seen, not pinned; the one who dialled has pinned
        bob.Join(alice.Id);
        bob.Store.Contacts.Write(bob.Store.Contacts.ReadAll().Single() with { Trust = TrustState.Pinned });
        bob.Store.Commit();
        Restart(world, bob);
        return (alice, bob);
    }

    private static (SimulatedNode, SimulatedNode, SimulatedNode) Room(
        EngineWorld world,
        params string[] names
    )
    {
        string[] all = names.Length == 0 ? ["alice", "bob", "carol"] : names;
        var nodes = all.Select(name => world.Run(name)).ToList();
        nodes.ForEach(node => node.Do(new NodeCommand.JoinRoom("dev")));
        world.RunUntil(
            () =>
                nodes.All(node =>
                    node.IsRunning
                    && node.Chat("#dev")?.Members.Count(member => member.Connected && !member.IsSelf) == 2
                ),
            Long,
            "all are in the room"
        );
        return (nodes[0], nodes[1], nodes[2]);
    }

    private static void Restart(EngineWorld world, SimulatedNode node)
    {
        var others = world.Nodes.Where(one => one != node && one.IsRunning).ToList();
        node.Crash();
        node.Start();
        if (others.Any(one => one.Id.Length > 0 && node.Chat("@" + one.Id) is not null))
        {
            world.RunUntil(() => others.Any(node.IsConnectedTo), TimeSpan.FromMinutes(2), "met again");
        }
    }

    private static FileSummary Send(
        SimulatedNode from,
        SimulatedNode to,
        string name,
        bool keepMetadata = false
    ) => Send(from, "@" + to.Id, name, keepMetadata);

    private static FileSummary Send(SimulatedNode from, string chat, string name, bool keepMetadata = false)
    {
        var reference = "r-" + name;
        var started = from.Ask(
                new NodeCommand.SendFile(chat, from.PathOf(name), reference, KeepMetadata: keepMetadata)
            )
            .ShouldBeOfType<NodeReply.FileStarted>();
        started.File.State.ShouldBe(FileState.Preparing);
        from.World.RunUntil(
            () => from.Told<NodeEvent.FileChanged>().Any(told => told.OldFile == started.File.File),
            Long,
            "announced"
        );
        return from.Told<NodeEvent.FileChanged>().Last(told => told.OldFile == started.File.File).File;
    }

    private static FileSummary Get(SimulatedNode node, SimulatedNode from, string file) =>
        GetIn(node, "@" + from.Id, file);

    private static FileSummary GetIn(SimulatedNode node, string chat, string file)
    {
        var started = node.Ask(new NodeCommand.GetFile(chat, file)).ShouldBeOfType<NodeReply.FileStarted>();
        node.World.RunUntil(
            () => node.Told<NodeEvent.FileChanged>().Any(told => IsDone(told, started.File.File)),
            TimeSpan.FromMinutes(2),
            "fetched"
        );
        return node.Told<NodeEvent.FileChanged>().Last(told => IsDone(told, started.File.File)).File;
    }

    private static bool IsDone(NodeEvent.FileChanged told, string file) =>
        told.File.File == file && told.File.State == FileState.Complete;

    private static bool IsComplete(SimulatedNode node) =>
        node.Told<NodeEvent.FileChanged>().Any(told => told.File.State == FileState.Complete);

    private static FileSummary Complete(SimulatedNode node) =>
        node.Told<NodeEvent.FileChanged>().Last(told => told.File.State == FileState.Complete).File;

    private static long Given(SimulatedNode node) =>
        node.Ask(new NodeCommand.ListFiles("#dev")).ShouldBeOfType<NodeReply.Files>().All[0].Given;

    private static List<string> Blocks(SimulatedNode node) =>
        [.. Directory.EnumerateFiles(node.PathOf("profile/files"))];

    private static string Refusal(SimulatedNode node, NodeCommand command) =>
        node.Ask(command).ShouldBeOfType<NodeReply.Refused>().Text;

    private static byte[] Write(SimulatedNode node, string name, int size)
    {
        var bytes = Bytes(size);
        File.WriteAllBytes(node.PathOf(name), bytes);
        return bytes;
    }

    private static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }
}
