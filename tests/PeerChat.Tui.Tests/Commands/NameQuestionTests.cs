using System.Text;
using PeerChat.Tui.Commands;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Commands;

public sealed class NameQuestionTests
{
    [Theory]
    [InlineData("bob\n", "bob")]
    [InlineData("  bob \n", "bob")]
    [InlineData("\n", "alice")]
    [InlineData("日本\n", "日本")]
    [InlineData("not a name\n!\nbob\n", "bob")]
    [InlineData("bob", "bob")]
    [InlineData("", null)]
    public void Asks_until_there_is_a_name(string typed, string? expected)
    {
        var (name, said) = Ask(typed, "alice");

        name.ShouldBe(expected);
        said.ShouldContain("Your name [alice]: ");
        said.Split('\n').Take(3).ShouldAllBe(line => line.Length > 20);
    }

    [Fact]
    public void Says_what_a_name_may_not_be()
    {
        var (_, said) = Ask("two words\nbob\n", "alice");

        said.ShouldContain("A name consists of letters, digits, '_', '-' and '.'.");
    }

    [Fact]
    public void Proposes_no_name_that_cannot_be_one()
    {
        var (name, said) = Ask("\nbob\n", "DOMAIN\\user");

        name.ShouldBe("bob");
        said.ShouldContain("Your name: ");
    }

    [Fact]
    public void A_line_without_end_is_read_no_further_than_its_limit()
    {
        var (name, _) = Ask(new string('x', 100_000), "alice");

        name.ShouldBeNull();
    }

    private static (string? Name, string Said) Ask(string typed, string proposal)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(typed));
        using var output = new StringWriter { NewLine = "\n" };
        return (new NameQuestion(input, output, proposal).Ask(), output.ToString());
    }
}
