using System.Diagnostics;
using PeerChat.Node;
using PeerChat.Node.Profiles;
using PeerChat.Node.Storage;
using PeerChat.Node.Transport;
using PeerChat.Rooms;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Benchmarks;

/// <summary>The process that writes, opens and searches a long history. Lines out: what was done, and microseconds.</summary>
internal static class HistoryPeer
{
    private const string RoomName = "archive";
    private const int Batch = 2_000;
    private const int Page = 50;
    private const int Rounds = 20;

    /// <summary>Does one of the three.</summary>
    public static async Task<int> RunAsync(string user, string profile, string what, int count)
    {
        switch (what)
        {
            case "write":
                Write(user, profile, count);
                break;
            case "open":
                Open(user, profile);
                break;
            default:
                await SearchAsync(user, profile);
                break;
        }

        return 0;
    }

    private static void Write(string user, string profile, int count)
    {
        using var store = OpenStore(profile);
        var secrets = OpenRoomSecrets.DeriveExpensively(DisplayName.Of(RoomName));
        store.OpenRooms.Write(
            new OpenRoom(secrets.RoomId, RoomName, secrets.Secret, new NodeClock().WallNow)
        );
        var room = OpenRoom(user, store, secrets);
        for (var i = 0; i < count; i++)
        {
            room.Post($"message {i} of the history, as long as people write", new NodeClock().WallNow);
            while (room.TryTakeEvent(out _)) { }

            if (i % Batch == 0)
            {
                store.Commit();
            }
        }

        // As if somebody had been given all of it, so that nothing of it waits in the outbox.
        store.Rooms.WriteStatement(
            secrets.RoomId,
            StatementKind.Sent,
            room.OwnAuthor,
            (ulong)count + 1,
            default
        );
        store.Commit();
        Console.Out.WriteLine("wrote 0");
    }

    private static void Open(string user, string profile)
    {
        var begun = Stopwatch.GetTimestamp();
        using var store = OpenStore(profile);
        var secrets = OpenRoomSecrets.Restore(store.OpenRooms.ReadAll()[0].Secret.Span);
        var opened = Stopwatch.GetTimestamp();
        var room = OpenRoom(user, store, secrets);
        var page = room.ReadLatest(Page, null);
        if (page.Count != Page)
        {
            throw new InvalidOperationException("The page is not there.");
        }

        Console.Out.WriteLine($"opened {Since(opened)} {Since(begun) - Since(opened)}");
    }

    private static async Task SearchAsync(string user, string profile)
    {
        await using var node = PeerChatNode.Start(
            new NodeOptions
            {
                User = user,
                ProfileDirectory = profile,
                Interfaces = ["loopback"],
            }
        );
        await node.AskAsync(new NodeCommand.JoinRoom(RoomName));
        var begun = Stopwatch.GetTimestamp();
        await node.AskAsync(new NodeCommand.LoadHistory("#" + RoomName, Page));
        Console.Out.WriteLine($"page {Since(begun)}");
        var first = await SearchAsync(node, "message 1234 of");
        var (few, none) = (new List<long>(), new List<long>());
        for (var i = 0; i < Rounds; i++)
        {
            few.Add(await SearchAsync(node, $"message 12{i:00} of"));
            none.Add(await SearchAsync(node, $"nowhere {i}"));
        }

        few.Sort();
        none.Sort();
        Console.Out.WriteLine($"searched {first} {few[Rounds / 2]} {none[Rounds / 2]}");
    }

    private static async Task<long> SearchAsync(PeerChatNode node, string words)
    {
        var begun = Stopwatch.GetTimestamp();
        var reply = await node.AskAsync(new NodeCommand.SearchMessages(words));
        return reply is NodeReply.SearchResult
            ? Since(begun)
            : throw new InvalidOperationException($"The search was answered with {reply}.");
    }

    private static long Since(long begun) => (long)Stopwatch.GetElapsedTime(begun).TotalMicroseconds;

    private static ProfileStore OpenStore(string profile) =>
        ProfileStore.OpenOwner(new ProfileFolder(profile), new SystemKeySource(), new SystemEntropy());

    private static Room OpenRoom(string user, ProfileStore store, OpenRoomSecrets secrets) =>
        Room.OpenOpen(
            new OwnIdentity(store.Keystore.Signing, store.Keystore.Agreement),
            DisplayName.Of(user),
            secrets.RoomId,
            secrets.EpochSecret.Span,
            secrets.RendezvousSecret.Span,
            store.Rooms,
            new SystemKeySource(),
            new SystemEntropy(),
            new NodeClock().WallNow
        );
}
