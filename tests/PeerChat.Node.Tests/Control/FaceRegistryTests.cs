using PeerChat.Node.Control;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

public sealed class FaceRegistryTests
{
    [Fact]
    public void Faces_are_listed_oldest_first_until_they_leave()
    {
        var registry = new FaceRegistry();
        var first = registry.Add(new FaceSummary("bot", 1, 10));
        using var second = registry.Add(new FaceSummary("bot", 1, 10));
        using var third = registry.Add(new FaceSummary("screen", 2, 20));
        registry.List().Select(face => face.Kind).ShouldBe(["bot", "bot", "screen"]);

        first.Dispose();
        first.Dispose(); // only itself, whoever else looks alike
        registry.List().Select(face => face.Kind).ShouldBe(["bot", "screen"]);
    }
}
