using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Engine;

/// <summary>A room of more whole nodes than are all linked to all.</summary>
public sealed class LargeRoomTests
{
    private const string Room = "#dev";
    private const int Size = 14;

    // HyParView's active view.
    private const int Wanted = 8;

    // Whoever asks for a place and is declined is linked for some seconds too: so many at once are usual, and more for a moment.
    private const int Passing = 2;

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
            node.Told<NodeEvent.Notice>().ShouldBeEmpty($"seed {seed} {node.Name}");
        }

        var counts = new List<int[]>();
        for (var time = TimeSpan.Zero; time < TimeSpan.FromSeconds(30); time += TimeSpan.FromSeconds(3))
        {
            counts.Add([.. all.Select(CountLinks)]);
            world.Run(TimeSpan.FromSeconds(3));
        }

        counts.Average(moment => moment.Average()).ShouldBeLessThan(Wanted + 1, $"seed {seed}");
        foreach (var (index, node) in all.Index())
        {
            counts
                .Min(moment => moment[index])
                .ShouldBeInRange(1, Wanted + Passing, $"seed {seed} {node.Name}");
        }
    }

    private static int CountLinks(SimulatedNode node) =>
        node.Chat(Room)!.Members.Count(member => member is { Connected: true, IsSelf: false });
}
