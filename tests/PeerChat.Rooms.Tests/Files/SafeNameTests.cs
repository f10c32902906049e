using System.Text;
using PeerChat.Rooms.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Files;

public sealed class SafeNameTests
{
    [Theory]
    [InlineData("photo.jpg")]
    [InlineData("写真 é.png")]
    [InlineData(".profile")]
    [InlineData("console.txt")]
    [InlineData("COM10")]
    public void Leaves_harmless_names_as_they_are(string name) => SafeName.IsSafe(name).ShouldBeTrue();

    [Theory]
    [InlineData("..", "_")]
    [InlineData(".", "_")]
    [InlineData("", "_")]
    [InlineData("../../etc/passwd", ".._.._etc_passwd")]
    [InlineData("a\\b", "a_b")]
    [InlineData("C:\\x", "C__x")]
    [InlineData("a\0b", "a_b")]
    [InlineData("evil\u001b[2Jname", "evil_[2Jname")]
    [InlineData("gpj.\u202eexe", "gpj._exe")]
    [InlineData("trailing. . ", "trailing")]
    [InlineData("con", "_con")]
    [InlineData("NUL.txt", "_NUL.txt")]
    [InlineData("lpt¹.txt", "_lpt¹.txt")]
    [InlineData("com1 .x", "_com1 .x")]
    public void Makes_every_other_name_harmless(string name, string safe)
    {
        SafeName.Of(name).ShouldBe(safe);
        SafeName.IsSafe(SafeName.Of(name)).ShouldBeTrue();
    }

    [Fact]
    public void Names_end_at_255_bytes_and_at_a_whole_character()
    {
        var name = SafeName.Of(new string('写', 100));
        Encoding.UTF8.GetByteCount(name).ShouldBe(255);
        name.ShouldBe(new string('写', 85));
    }

    [Theory]
    [InlineData("photo.jpg", 2, "photo (2).jpg")]
    [InlineData("archive.tar.gz", 3, "archive.tar (3).gz")]
    [InlineData(".profile", 2, ".profile (2)")]
    [InlineData("noext", 12, "noext (12)")]
    public void The_other_name_beside_a_taken_one_keeps_its_ending(
        string name,
        int number,
        string expected
    ) => SafeName.Numbered(name, number).ShouldBe(expected);

    [Theory]
    [InlineData(7)]
    public void No_name_at_all_leaves_its_folder(int seed)
    {
        var random = new Random(seed);
        var root = Path.GetFullPath("/safe");
        for (var round = 0; round < 20_000; round++)
        {
            var name = new string([.. Enumerable.Range(0, random.Next(12)).Select(_ => Draw(random))]);
            var safe = SafeName.Of(name);
            Path.GetDirectoryName(Path.GetFullPath(Path.Combine(root, safe))).ShouldBe(root, name);
            SafeName.Of(safe).ShouldBe(safe);
        }
    }

    private static char Draw(Random random) =>
        random.Next(3) switch
        {
            0 => "./\\:\0 \u202e\u200b~$"[random.Next(10)],
            1 => (char)random.Next(0x21, 0x7F),
            _ => (char)random.Next(0x10000),
        };
}
