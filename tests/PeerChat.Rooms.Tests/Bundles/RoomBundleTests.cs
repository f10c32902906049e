using PeerChat.Rooms.Tests.Rooms;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Bundles;

/// <summary>Members who are never linked, and a file that goes between them.</summary>
public sealed class RoomBundleTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    [Fact]
    public void Two_who_are_never_online_together_chat_by_bundles_alone()
    {
        var (alice, bob) = SimulatedPeer.Direct(1);
        var mesh = new SimulatedMesh(1, alice, bob);
        mesh.OpenAll();
        alice.Room.CanWrite.ShouldBeFalse();

        Carry(mesh, bob, alice); // the first brings the author alone
        alice.Room.CanWrite.ShouldBeTrue();
        var id = mesh.Post(alice, "written in the dark")!.Value;
        alice.Room.Find(id)!.State.ShouldBe(RoomMessageState.Queued);

        Carry(mesh, alice, bob).ShouldBeGreaterThan(0);
        bob.Texts.ShouldBe(["written in the dark"]);
        alice.Room.Find(id)!.State.ShouldBe(RoomMessageState.Queued); // whether it arrived is not known yet

        mesh.Post(bob, "it has come");
        Carry(mesh, bob, alice);
        alice.Texts.ShouldBe(["written in the dark", "it has come"]);
        alice.Room.Find(id)!.State.ShouldBe(RoomMessageState.Delivered);
        alice.Room.QueuedOwnMessages.ShouldBe(0);
    }

    [Fact]
    public void States_are_true_at_the_author_when_they_meet_again()
    {
        var (alice, bob, mesh) = Met();
        var id = mesh.Post(alice, "by stick")!.Value;
        Carry(mesh, alice, bob);
        alice.Room.Find(id)!.State.ShouldBe(RoomMessageState.Queued);
        mesh.Connect(alice, bob);
        mesh.Run(Moment);
        alice.Room.Find(id)!.State.ShouldBe(RoomMessageState.Delivered);
        alice.Room.QueuedOwnMessages.ShouldBe(0);
        bob.Texts.ShouldBe(["by stick"]); // once
    }

    [Fact]
    public void The_same_bundle_twice_changes_nothing()
    {
        var (alice, bob, mesh) = Met();
        mesh.Post(alice, "once");
        Carry(mesh, alice, bob).ShouldBeGreaterThan(0);
        Carry(mesh, alice, bob).ShouldBe(0);
        bob.Texts.ShouldBe(["once"]);
    }

    [Fact]
    public void A_bundle_brings_what_others_wrote_too()
    {
        var peers = Enumerable.Range(0, 3).Select(i => SimulatedPeer.Open($"peer{i}", 10 + i)).ToArray();
        var mesh = new SimulatedMesh(2, peers);
        mesh.OpenAll();
        mesh.Connect(peers[0], peers[1]);
        mesh.Run(Moment);
        for (var i = 0; i < 20; i++)
        {
            mesh.Post(peers[i % 2], $"line {i}");
            mesh.Run(Moment);
        }

        Carry(mesh, peers[1], peers[2]);
        peers[2].Texts.ShouldBe(peers[0].Texts);
    }

    [Fact]
    public void A_frame_that_breaks_the_rules_ends_the_import_and_keeps_what_came_before()
    {
        var (alice, bob, mesh) = Met();
        mesh.Post(alice, "good");
        var frames = alice.Room.ExportFrames(mesh.Now, mesh.Wall).Select(frame => frame.ToArray()).ToList();
        frames.Add([0xFF, 0xFF, 0xFF]);
        bob.Room.TakeFrames(alice.Id, frames.Select(AsMemory), mesh.Now, mesh.Wall).ShouldBeNull();
        mesh.Settle(bob);
        bob.Texts.ShouldBe(["good"]);
        bob.Room.TakeFrames(alice.Id, [], mesh.Now, mesh.Wall).ShouldBe(0); // and the next one is welcome
    }

    [Fact]
    public void Nobody_but_the_two_can_bring_anything_into_a_direct_chat()
    {
        var (alice, bob, mesh) = Met();
        var mallory = SimulatedPeer.Open("mallory", 99);
        mesh.Post(alice, "hello");
        var frames = alice.Room.ExportFrames(mesh.Now, mesh.Wall).ToList();
        bob.Room.TakeFrames(mallory.Id, frames, mesh.Now, mesh.Wall).ShouldBeNull();
        bob.Texts.ShouldBeEmpty();
    }

    private static ReadOnlyMemory<byte> AsMemory(byte[] bytes) => bytes;

    private static (SimulatedPeer Alice, SimulatedPeer Bob, SimulatedMesh Mesh) Met()
    {
        var (alice, bob) = SimulatedPeer.Direct(3);
        var mesh = new SimulatedMesh(3, alice, bob);
        mesh.OpenAll();
        mesh.Connect(alice, bob);
        mesh.Run(Moment);
        mesh.Disconnect(alice, bob);
        return (alice, bob, mesh);
    }

    private static int Carry(SimulatedMesh mesh, SimulatedPeer from, SimulatedPeer to)
    {
        var frames = from.Room.ExportFrames(mesh.Now, mesh.WallAt(from)).ToList();
        mesh.Settle(from);
        var taken = to.Room.TakeFrames(from.Id, frames, mesh.Now, mesh.WallAt(to));
        mesh.Settle(to);
        mesh.Run(Moment);
        return taken.ShouldNotBeNull();
    }
}
