using System.Text.Json.Nodes;
using PeerChat.Node.Control;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Documents;

public sealed class ProtocolDocumentTests
{
    [Fact]
    public void The_published_reference_is_that_of_the_code() =>
        PublishedDocument.MatchBlock("SCRIPTING.md", "rpc", RpcReference.Markdown());

    [Fact]
    public void The_published_schema_is_that_of_the_code() =>
        PublishedDocument.Match("peerchat-rpc.schema.json", RpcSchema.Text());

    [Fact]
    public void Every_method_is_described() =>
        Wire
            .Methods.Select(method => method.Name)
            .Concat(Wire.Commands.Select(command => command.Name))
            .Order(StringComparer.Ordinal)
            .ShouldBe(RpcMethod.All);

    [Theory]
    [InlineData("""{"chat":"#dev","text":"hi"}""", null)]
    [InlineData("""{"chat":"#dev","text":"hi","reference":null}""", null)]
    [InlineData("""{"chat":"#dev","text":5}""", "$.text: is not")]
    [InlineData("""{"chat":"#dev"}""", "$: text is missing.")]
    [InlineData("""{"chat":"#dev","text":"hi","colour":"red"}""", "$: colour is unknown.")]
    public void The_schema_tells_right_params_from_wrong_ones(string json, string? problem)
    {
        var found = new SchemaCheck(RpcSchema.Make()).Problem(JsonNode.Parse(json), "params.send-text");
        (found ?? "").ShouldStartWith(problem ?? "");
        (found is null).ShouldBe(problem is null);
    }
}
