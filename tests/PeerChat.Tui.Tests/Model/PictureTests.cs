using PeerChat.Node;
using PeerChat.Pictures;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Input;
using PeerChat.Tui.Model;
using PeerChat.Tui.Screens;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Model;

/// <summary>Pictures in the place of the log.</summary>
public sealed class PictureTests
{
    private const string Red = "\u2580";

    [Fact]
    public void The_newest_picture_is_shown_in_half_blocks_until_a_key_closes_it()
    {
        var screen = WithPictures();
        screen.Type("/show\r");
        var wanted = screen.Effects.OfType<AppEffect.LoadPicture>().Last();
        wanted.File.ShouldBe("00000002");
        wanted.Room.Columns.ShouldBeGreaterThan(40);
        screen.Effects.OfType<AppEffect.AskForGraphics>().Count().ShouldBe(1);
        screen.Text.ShouldContain("two.png  it is being read");

        screen.Send(Loaded(wanted, 20, 10));
        screen.Text.ShouldContain(string.Concat(Enumerable.Repeat(Red, 20)));
        screen.Text.ShouldContain("two.png  arrows");
        new ScreenProgram().Image(screen.State).ShouldBeNull();

        screen.Type("x");
        screen.Text.ShouldNotContain("two.png  arrows");
        screen.State.Shown.Editor.Text.ShouldBe("");
    }

    [Fact]
    public void Arrows_lead_to_the_others_and_stop_at_the_ends()
    {
        var screen = WithPictures();
        screen.Type("/show\r").Type("\e[D");
        screen.Effects.OfType<AppEffect.LoadPicture>().Last().File.ShouldBe("00000001");
        screen.Type("\e[D");
        screen.State.Picture!.Name.ShouldBe("one.png");
        screen.Type("\e[C");
        screen.State.Picture!.Name.ShouldBe("two.png");
    }

    [Fact]
    public void Pixels_take_the_place_where_the_terminal_shows_them()
    {
        var screen = WithPictures();
        screen.Type("/show 2\r");
        screen.Send(
            new AppMessage.Input(
                new InputEvent.GraphicsFound(new TerminalGraphics(GraphicsKind.Sixel, 10, 20))
            )
        );
        var wanted = screen.Effects.OfType<AppEffect.LoadPicture>().Last();
        wanted.File.ShouldBe("00000001");
        wanted.Room.Width.ShouldBe(wanted.Room.Columns * 10);
        wanted.Room.Height.ShouldBe(wanted.Room.Rows * 20);
        screen.Send(Loaded(wanted, 100, 50) with { Sequence = new byte[] { 1, 2, 3 } });
        screen.Text.ShouldNotContain(Red);
        var image = new ScreenProgram().Image(screen.State)!;
        image.Kind.ShouldBe(GraphicsKind.Sixel);
        image.Sequence.ToArray().ShouldBe(new byte[] { 1, 2, 3 });
        image.Place.EndRow.ShouldBeLessThan(screen.State.Size.Rows);

        screen.Type("q");
        new ScreenProgram().Image(screen.State).ShouldBeNull();
    }

    [Fact]
    public void Another_size_has_it_made_anew_and_what_was_made_for_the_old_one_is_not_shown()
    {
        var screen = WithPictures();
        screen.Type("/show\r");
        var old = screen.Effects.OfType<AppEffect.LoadPicture>().Last();
        screen.Resize(40, 10);
        var wanted = screen.Effects.OfType<AppEffect.LoadPicture>().Last();
        wanted.Room.ShouldNotBe(old.Room);
        screen.Send(Loaded(old, 20, 10));
        screen.State.Picture!.IsRead.ShouldBeFalse();
        screen.Send(Loaded(wanted, 20, 10));
        screen.State.Picture!.IsRead.ShouldBeTrue();
        screen.Text.ShouldContain(Red);
    }

    [Fact]
    public void A_selected_message_opens_its_picture()
    {
        var screen = WithPictures();
        screen.Type("\em").Type("o");
        screen.State.Picture!.Name.ShouldBe("two.png");
    }

    [Fact]
    public void What_is_not_here_or_no_picture_is_said()
    {
        var screen = Samples.WithBob().Tell(Picture(1, "far.png", FileState.Announced));
        screen.Type("/show\r").Text.ShouldContain("The picture is not here yet; /get fetches it.");
        screen.Type("/show 7\r").Text.ShouldContain("There is no such picture");
        screen.Effects.OfType<AppEffect.LoadPicture>().ShouldBeEmpty();

        screen = WithPictures();
        screen.Type("/show\r");
        var wanted = screen.Effects.OfType<AppEffect.LoadPicture>().Last();
        screen.Send(new AppMessage.PictureLoaded(wanted.Chat, wanted.File, wanted.Room, null, default));
        screen.Text.ShouldContain("not a picture that can be shown here");
    }

    private static TestScreen WithPictures() =>
        Samples
            .WithBob()
            .Tell(Picture(1, "one.png", FileState.Held), Picture(2, "two.png", FileState.Complete));

    private static AppMessage.PictureLoaded Loaded(AppEffect.LoadPicture wanted, int width, int height)
    {
        var pixels = new byte[width * height * 4];
        for (var at = 0; at < pixels.Length; at += 4)
        {
            (pixels[at], pixels[at + 3]) = (255, 255);
        }

        return new AppMessage.PictureLoaded(
            wanted.Chat,
            wanted.File,
            wanted.Room,
            new Picture(width, height, pixels),
            default
        );
    }

    private static NodeEvent.MessageShown Picture(int order, string name, FileState state) =>
        new(
            Samples.Message(order, name) with
            {
                Content = MessageContent.File,
                File = new FileSummary(
                    "@bob",
                    $"{order:x8}",
                    name,
                    "",
                    1000,
                    1,
                    false,
                    "image/png",
                    false,
                    false,
                    state,
                    1000,
                    0,
                    null,
                    [],
                    0,
                    0,
                    null,
                    null
                ),
            }
        );
}
