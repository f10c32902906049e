using System.Text;
using System.Text.Json;
using PeerChat.Node.Control;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

public sealed class SurfaceJsonTests
{
    public static TheoryData<Type, Type> Everything
    {
        get
        {
            var all = new TheoryData<Type, Type>();
            foreach (var root in new[] { typeof(NodeCommand), typeof(NodeEvent), typeof(NodeReply) })
            {
                foreach (var type in SurfaceSamples.DerivedOf(root))
                {
                    all.Add(root, type);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Every_record_of_the_surface_comes_back_as_it_was(Type root, Type type)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var value = SurfaceSamples.Make(type, seed);
            foreach (var context in new[] { SurfaceJson.Wire, SurfaceJson.Strict })
            {
                var json = JsonSerializer.SerializeToUtf8Bytes(value, context.GetTypeInfo(root)!);
                json.ShouldNotContain((byte)'\n');
                json.ShouldNotContain((byte)'\r');
                var back = JsonSerializer.Deserialize(json, context.GetTypeInfo(root)!);
                back.ShouldBeOfType(type);
                JsonSerializer
                    .SerializeToUtf8Bytes(back, context.GetTypeInfo(root)!)
                    .ShouldBe(json, Encoding.UTF8.GetString(json));
            }
        }
    }

    [Fact]
    public void Every_command_has_its_name_on_the_wire()
    {
        SurfaceJson
            .Commands.Values.Select(info => info.Type)
            .ShouldBe(SurfaceSamples.DerivedOf(typeof(NodeCommand)), ignoreOrder: true);
        Read("send-text", """{"chat":"#dev","text":"hi"}""").ShouldBe(new NodeCommand.SendText("#dev", "hi"));
        Read("get-status", "{}").ShouldBe(new NodeCommand.GetStatus());
    }

    [Theory]
    [InlineData("""{"chat":"#dev","text":"hi","txt":"hi"}""", "txt")] // unknown
    [InlineData("""{"chat":"#dev"}""", "text")] // missing
    [InlineData("""{"chat":"#dev","text":null}""", "text")] // null
    [InlineData("""{"chat":"#dev","text":"hi","text":"ho"}""", "text")] // twice
    [InlineData("""{"chat":"#dev","text":7}""", "text")] // another kind
    [InlineData("""{"command":"stop","chat":"#dev","text":"hi"}""", "command")] // another command in disguise
    public void What_a_client_sends_is_read_strictly(string json, string culprit) =>
        Should.Throw<JsonException>(() => Read("send-text", json)).Message.ShouldContain(culprit);

    [Fact]
    public void A_value_that_nests_deeper_than_16_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 17)) + string.Concat(Enumerable.Repeat("]", 17));
        Should.Throw<JsonException>(() => Read("send-text", $$"""{"chat":{{deep}}}"""));
        SurfaceJson.MaxDepth.ShouldBe(16);
    }

    [Fact]
    public void What_a_newer_node_says_besides_is_passed_over() =>
        JsonSerializer
            .Deserialize(
                """{"event":"message-hidden","chat":"#dev","message":"01","why":"new"}""",
                SurfaceJson.Wire.NodeEvent
            )
            .ShouldBe(new NodeEvent.MessageHidden("#dev", "01"));

    [Fact]
    public void Text_stays_as_short_as_it_is() =>
        JsonSerializer
            .Serialize(new NodeCommand.SendText("#dev", "日本語 <3 & \"x\""), SurfaceJson.Wire.NodeCommand)
            .ShouldBe(
                """{"command":"send-text","chat":"#dev","text":"日本語 <3 & \"x\"","reference":null,"replyTo":null}"""
            );

    private static object? Read(string command, string json) =>
        JsonSerializer.Deserialize(json, SurfaceJson.Commands[command]);
}
