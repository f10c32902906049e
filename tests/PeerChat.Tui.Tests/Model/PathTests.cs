using PeerChat.Tui.Commands;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Model;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Model;

/// <summary>Tab behind <c>/file</c>.</summary>
public sealed class PathTests : IDisposable
{
    private static readonly string[] Visible =
    [
        "Bild.png",
        "photos/",
        "report one.txt",
        "report two.txt",
        "写真.png",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-paths-");

    public PathTests()
    {
        Directory.CreateDirectory(In("photos"));
        foreach (
            var name in new[]
            {
                "report one.txt",
                "report two.txt",
                "写真.png",
                ".hidden",
                "Bild.png",
                "a\nb",
            }
        )
        {
            File.WriteAllText(In(name), "");
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("ph", "photos/")]
    [InlineData("写", "写真.png")]
    [InlineData("bi", "Bild.png")]
    [InlineData(".h", ".hidden")]
    public void What_is_unambiguous_is_completed(string typed, string name) =>
        PathNames.StartingWith(In(typed)).ShouldBe([In(name)]);

    [Fact]
    public void Hidden_files_come_when_asked_for_and_names_nobody_can_type_never() =>
        PathNames.StartingWith(_folder.FullName + "/").ShouldBe(Visible.Select(In));

    [Theory]
    [InlineData("no such folder/x")]
    [InlineData("report one.txt/x")]
    public void A_folder_that_cannot_be_read_has_nothing(string typed) =>
        PathNames.StartingWith(In(typed)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Screens))]
    public void Tab_completes_as_far_as_it_goes_and_offers_the_rest(string tag, int columns, int rows)
    {
        using var spoken = Words.Within(Language.Find(tag)!);
        var screen = Samples.WithBob(columns, rows);
        screen.Type("/file " + In("rep") + "\t");
        Answer(screen);
        screen.State.Shown.Editor.Text.ShouldBe("/file " + In("report "));
        if (columns >= 40)
        {
            screen.Text.ShouldContain("report one.txt  report two.txt");
        }

        screen.Type("t\t");
        Answer(screen);
        screen.State.Shown.Editor.Text.ShouldBe("/file " + In("report two.txt"));
        screen.Type("zz\t");
        Answer(screen);
        screen.State.Hint.ShouldBe(Words.Of("No file or folder there begins so."));
        _ = screen.Text; // checks what was written
    }

    [Fact]
    public void Who_has_typed_on_is_not_interrupted_by_a_slow_disk()
    {
        var screen = Samples.WithBob();
        screen.Type("/file " + In("rep") + "\t").Type("x");
        Answer(screen);

        screen.State.Shown.Editor.Text.ShouldBe("/file " + In("repx"));
    }

    public static TheoryData<string, int, int> Screens()
    {
        var data = new TheoryData<string, int, int>();
        foreach (var tag in new[] { "en", "es", "fr", "de", "ja" })
        {
            foreach (
                var (columns, rows) in new[] { (200, 60), (80, 24), (53, 20), (40, 10), (20, 3), (1, 1) }
            )
            {
                data.Add(tag, columns, rows);
            }
        }

        return data;
    }

    private static void Answer(TestScreen screen)
    {
        var asked = screen.Effects.OfType<AppEffect.FindPaths>().Last();
        screen.Send(new AppMessage.PathsFound(asked.Typed, PathNames.StartingWith(asked.Typed)));
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
