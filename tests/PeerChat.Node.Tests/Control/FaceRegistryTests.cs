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

    [Fact]
    public void A_process_that_answers_requests_beside_its_client_is_listed_once()
    {
        var registry = new FaceRegistry();
        using var answering = registry.Add(new FaceSummary("rpc", 1, 10));
        using var nameless = registry.Add(new FaceSummary("rpc", 1, 11));
        using var other = registry.Add(new FaceSummary("rpc", 2, 12));
        using var unknown = registry.Add(new FaceSummary("rpc", 0, 13)); // where the system does not tell, nobody is guessed
        using var another = registry.Add(new FaceSummary("rpc", 0, 14));
        registry.List().Select(face => face.ProcessId).ShouldBe([1, 2, 0, 0]);

        using var named = registry.Add(new FaceSummary("my-bot", 1, 15));
        registry.List().Select(face => face.Kind).ShouldBe(["rpc", "rpc", "rpc", "my-bot"]);
    }
}
