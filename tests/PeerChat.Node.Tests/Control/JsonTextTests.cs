using System.Text;
using System.Text.Json;
using PeerChat.Node.Control;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("\"quoted\" and \\ and \r\n\t\0\u001f\u007f")]
    [InlineData("日本語 ü 👍")]
    public void What_is_quoted_is_read_by_the_serializer_as_it_was(string text) =>
        JsonSerializer.Deserialize<string>(JsonText.Quote(text)).ShouldBe(text);

    [Fact]
    public void No_text_is_null() => JsonText.Quote(null).ShouldBe("null");

    [Theory]
    [InlineData("""{"a":{"x":[1,{"b":"no"}],"b":"yes"}}""", "yes")]
    [InlineData("""{"b":"no","a":{"\u0062":"y\u0065s"}}""", "yes")]
    [InlineData("""{"a":{"b":5}}""", null)]
    [InlineData("""{"a":{"b":null}}""", null)]
    [InlineData("""{"a":[{"b":"no"}]}""", null)]
    [InlineData("""{"a":"b"}""", null)]
    [InlineData("""{"a":{"b""", null)]
    [InlineData("[]", null)]
    [InlineData("nonsense", null)]
    [InlineData("", null)]
    public void A_text_is_found_by_its_path_alone(string json, string? text) =>
        JsonText.At(Encoding.UTF8.GetBytes(json), "a", "b").ShouldBe(text);

    [Fact]
    public void Deep_nesting_is_no_text() =>
        JsonText
            .At(Encoding.UTF8.GetBytes("{\"x\":" + new string('[', 100_000) + ",\"a\":\"b\"}"), "a")
            .ShouldBeNull();

    [Fact]
    public void A_list_is_texts_and_nothing_else()
    {
        JsonText.ListAt("""{"a":["b","c"]}"""u8, "a").ShouldBe(["b", "c"]);
        JsonText.ListAt("""{"a":[]}"""u8, "a").ShouldBe([]);
        JsonText.ListAt("""{"a":["b",1]}"""u8, "a").ShouldBeNull();
        JsonText.ListAt("""{"a":"b"}"""u8, "a").ShouldBeNull();
        JsonText.ListAt("""{"a":["b" """u8, "a").ShouldBeNull();
    }
}
