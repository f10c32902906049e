using FsCheck;
using FsCheck.Fluent;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Tests.Vectors;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Identity;

public sealed class PeerIdTextTests
{
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";
    private static readonly VectorFile Vectors = VectorFile.Load("identity.txt");

    [Fact]
    public void Writes_the_known_full_and_short_forms()
    {
        PeerIdText.Format(TestIdentities.Alice.PeerId).ShouldBe(Vectors.Text("alice text"));
        PeerIdText.ShortForm(TestIdentities.Alice.PeerId).ShouldBe(Vectors.Text("alice short"));
        PeerIdText.Format(TestIdentities.Bob.PeerId).Length.ShouldBe(PeerIdText.Length);
        PeerIdText
            .Display(DisplayName.Of("alice"), TestIdentities.Alice.PeerId)
            .ShouldBe("alice~" + Vectors.Text("alice short"));
    }

    [Fact]
    public void Reads_back_every_id_in_either_case() =>
        Prop.ForAll<int>(seed =>
            {
                var id = new PeerId(new Bytes32(new SeededEntropy(seed).Bytes(32)));
                var text = PeerIdText.Format(id);
                PeerIdText.TryParse(text, out var lower).ShouldBeTrue();
                PeerIdText.TryParse(text.ToUpperInvariant(), out var upper).ShouldBeTrue();
                lower.ShouldBe(id);
                upper.ShouldBe(id);
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Finds_every_single_wrong_character()
    {
        var text = Vectors.Text("alice text");
        for (var at = 3; at < text.Length; at++)
        {
            foreach (var digit in Digits.Where(digit => digit != text[at]))
            {
                var wrong = text[..at] + digit + text[(at + 1)..];
                PeerIdText.TryParse(wrong, out _).ShouldBeFalse(wrong);
            }
        }
    }

    [Fact]
    public void Finds_every_swap_of_neighbours()
    {
        var text = Vectors.Text("alice text");
        for (var at = 3; at < text.Length - 1; at++)
        {
            if (text[at] != text[at + 1])
            {
                var wrong = text[..at] + text[at + 1] + text[at] + text[(at + 2)..];
                PeerIdText.TryParse(wrong, out _).ShouldBeFalse(wrong);
            }
        }
    }

    [Fact]
    public void Takes_letters_that_look_like_digits_and_hyphens_between_groups()
    {
        var text = Vectors.Text("alice text");
        var misread = text[..3] + text[3..].Replace('0', 'O').Replace('1', 'l');
        misread.Equals(text, StringComparison.Ordinal).ShouldBeFalse();
        PeerIdText.TryParse(misread, out var id).ShouldBeTrue();
        id.ShouldBe(TestIdentities.Alice.PeerId);
        PeerIdText
            .TryParse(string.Join('-', text.Chunk(5).Select(part => new string(part))), out id)
            .ShouldBeTrue();
        id.ShouldBe(TestIdentities.Alice.PeerId);
    }

    [Fact]
    public void Refuses_other_prefixes_lengths_and_characters()
    {
        var text = Vectors.Text("alice text");
        foreach (
            var wrong in new[]
            {
                "",
                "pc1",
                text[3..],
                "pc2" + text[3..],
                text[..^1],
                text + "0",
                text[..^1] + "u",
                text[..^1] + "\u212A", // Kelvin sign, whose lower case is k
                " " + text,
                new string('-', 4_000),
            }
        )
        {
            PeerIdText.TryParse(wrong, out _).ShouldBeFalse(wrong);
        }
    }
}
