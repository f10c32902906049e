using PeerChat.Rooms.Identity;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Identity;

public sealed class NameSkeletonTests
{
    [Theory]
    [InlineData("alice", "аlісе")] // Cyrillic а, і, с, е
    [InlineData("alice", "AIice")] // a capital I for l
    [InlineData("alice", "a1ice")]
    [InlineData("alice", "ａｌｉｃｅ")] // full width
    [InlineData("alice", "𝐚𝓵𝔦𝕔𝖾")] // mathematical alphabets
    [InlineData("alice", "al.ice")]
    [InlineData("alice", "a-lice_")]
    [InlineData("alice", "álïçê")]
    [InlineData("bob", "bоb")] // Cyrillic о
    [InlineData("bob", "b0b")]
    [InlineData("bob", "ВОВ")] // Cyrillic capitals
    [InlineData("bob", "bοb")] // Greek ο
    [InlineData("bob", "b൦b")] // Malayalam zero
    [InlineData("bob", "b０b")]
    [InlineData("rome", "rorne")]
    [InlineData("mama", "rnаrnа")]
    [InlineData("david", "clavicl")]
    [InlineData("willy", "vvilly")]
    [InlineData("ivan", "iνan")] // Greek ν, whose capital is like N
    [InlineData("petros", "ρεtrοs")] // Greek ρ, ε, ο
    [InlineData("KATE", "ΚΑΤΕ")] // all Greek
    [InlineData("hanna", "ΗΑΝΝΑ")]
    [InlineData("office", "oﬃce")]
    [InlineData("lars", "ɫars")]
    [InlineData("bjorn", "bjørn")]
    [InlineData("user3", "user٣")] // Arabic-Indic three
    [InlineData("Zoe", "2oe")]
    [InlineData("alice", "ＡＬＩＣＥ")]
    [InlineData("иван", "ИВAH")] // the other way: Latin in a Cyrillic name
    public void Names_that_look_alike_have_one_skeleton(string name, string imitation) =>
        NameSkeleton.Of(imitation).ShouldBe(NameSkeleton.Of(name));

    [Theory]
    [InlineData("alice", "bob")]
    [InlineData("anna", "anne")]
    [InlineData("max", "may")]
    [InlineData("田中", "中田")]
    [InlineData("ivan", "иван")] // in another script, but nobody takes one for the other
    [InlineData("tim", "tom")]
    [InlineData("bot3", "bot4")]
    [InlineData("jan", "ian")]
    [InlineData("lucia", "luda")] // an i beside a c is no d
    [InlineData("дима", "дина")]
    public void Names_that_can_be_told_apart_have_different_ones(string one, string other) =>
        NameSkeleton.Of(other).ShouldNotBe(NameSkeleton.Of(one));

    [Fact]
    public void Every_letter_of_the_style_alphabets_is_its_plain_one()
    {
        for (var point = 0x1D400; point <= 0x1D6A3; point++)
        {
            var letter = (char)('a' + ((point - 0x1D400) % 26));
            NameSkeleton
                .Of(char.ConvertFromUtf32(point))
                .ShouldBe(NameSkeleton.Of(letter.ToString()), $"U+{point:X}");
        }

        for (var point = 0x1D7CE; point <= 0x1D7FF; point++)
        {
            var digit = (char)('0' + ((point - 0x1D7CE) % 10));
            NameSkeleton
                .Of(char.ConvertFromUtf32(point))
                .ShouldBe(NameSkeleton.Of(digit.ToString()), $"U+{point:X}");
        }

        NameSkeleton.Of("𝛂𝝎").ShouldBe(NameSkeleton.Of("αω"));
        NameSkeleton.Of(char.ConvertFromUtf32(0x1D6A8 + 17)).ShouldBe(NameSkeleton.Of("Θ"));
        NameSkeleton.Of(char.ConvertFromUtf32(0x1D7C9)).ShouldBe(NameSkeleton.Of("π"));
    }

    [Fact]
    public void A_skeleton_of_a_skeleton_is_the_same()
    {
        foreach (var name in new[] { "alice", "аlісе", "rorne", "ﬃ", "ß", "田中", "𝛂𝝎", "clavicl" })
        {
            var skeleton = NameSkeleton.Of(name);
            NameSkeleton.Of(skeleton).ShouldBe(skeleton, name);
        }
    }

    [Fact]
    public void Half_of_a_surrogate_pair_throws_nothing() => NameSkeleton.Of("a\ud800b").ShouldContain("a");
}
