using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>A room of more whole nodes than are all linked to all.</summary>
public sealed class LargeRoomTests
{
    private const string Room = "#dev";
    private const int Size = 14;

    // HyParView's active view, and whoever is just coming or going.
    private const int MostLinks = 8 + 2;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Nodes_of_a_large_room_keep_few_links_and_read_everybody(int seed)
    {
        using var world = new EngineWorld(seed, maxDelay: TimeSpan.FromMilliseconds(5));
        var all = Enumerable.Range(0, Size).Select(i => world.Add($"node{i}")).ToList();
        foreach (var node in all)
        {
            node.Start();
            node.Do(new NodeCommand.JoinRoom("dev"));
            world.Run(TimeSpan.FromMilliseconds(200));
        }

        world.Run(TimeSpan.FromMinutes(2));
        foreach (var node in all)
        {
            node.Say(Room, $"from {node.Name}");
            world.Run(TimeSpan.FromMilliseconds(300));
        }

        world.Run(TimeSpan.FromSeconds(10));
        foreach (var node in all)
        {
            node.Shown(Room)
                .Order(StringComparer.Ordinal)
                .ShouldBe(
                    all.Where(other => other != node)
                        .Select(other => $"from {other.Name}")
                        .Order(StringComparer.Ordinal),
                    $"seed {seed} {node.Name}"
                );
            CountLinks(node).ShouldBeInRange(1, MostLinks, $"seed {seed} {node.Name}");
            node.Told<NodeEvent.Notice>().ShouldBeEmpty($"seed {seed} {node.Name}");
        }
    }

    private static int CountLinks(SimulatedNode node) =>
        node.Chat(Room)!.Members.Count(member => member is { Connected: true, IsSelf: false });
}
