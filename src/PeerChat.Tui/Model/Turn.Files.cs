using PeerChat.Node;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Input;
using PeerChat.Tui.Output;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

/// <content>Files and the pictures among them.</content>
internal sealed partial class Turn
{
    /// <summary>Pictures drawn in the logs at once: each costs some ten kilobytes.</summary>
    public const int MaxPreviews = 200;

    private void TakeFile(NodeEvent.FileChanged changed)
    {
        var file = changed.File;
        ChangeLog(
            file.Chat,
            log => log.Find(file.File) is { } message ? log.Put(message with { File = file }) : log
        );
        if (file.State == FileState.Preparing)
        {
            State = State with { Reading = file };
        }
        else if (State.Reading?.File == (changed.OldFile ?? file.File))
        {
            State = State with { Reading = null };
        }

        if (file.State == FileState.Failed)
        {
            Say(file.Chat, $"{file.Name}: {FileLines.StateOf(file)}", isWarning: true);
        }

        AskForPreview(file);
    }

    private void AskForPreview(FileSummary? file)
    {
        if (
            file is { State: FileState.Held or FileState.Complete, MediaType.Length: > 0, IsFolder: false }
            && file.Size <= AppEffect.MaxPictureBytes
            && State.Previewed.Count < MaxPreviews
            && !State.Previewed.Contains(file.File)
        )
        {
            State = State with { Previewed = State.Previewed.Add(file.File) };
            _effects.Add(new AppEffect.LoadPicture(file.Chat, file.File, PictureRoom.Small));
        }
    }

    private void TakePicture(AppMessage.PictureLoaded loaded)
    {
        if (loaded.Room.IsWhole)
        {
            // What was asked for in between, or for another size, is not wanted any more
            if (
                State.Picture is { } view
                && view.File == loaded.File
                && loaded.Room == PictureScreen.RoomOf(State)
            )
            {
                State = State with
                {
                    Picture = view with
                    {
                        IsRead = true,
                        Picture = loaded.Picture,
                        Kind = loaded.Sequence.IsEmpty ? GraphicsKind.None : loaded.Room.Graphics.Kind,
                        Sequence = loaded.Sequence,
                    },
                };
            }
        }
        else if (loaded.Picture is { } picture)
        {
            ChangeLog(loaded.Chat, log => log.WithPreview(loaded.File, PictureCells.HalfBlocks(picture)));
        }
    }

    /// <inheritdoc/>
    public bool ShowPicture(string? which)
    {
        var pictures = Pictures();
        var isNumber = int.TryParse(which, out var number) && number > 0 && which.Length < MaxNumberDigits;
        var index =
            which is null ? pictures.Count - 1
            : isNumber ? pictures.Count - number
            : pictures.FindLastIndex(one => one.Id.StartsWith(which, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            State = State with { Hint = Texts.NoPictureHere };
        }
        else
        {
            OpenPicture(pictures[index]);
        }

        return true;
    }

    private const int MaxNumberDigits = 6; // longer ones are ids

    private List<ChatMessage> Pictures() =>
        [
            .. State
                .Shown.Log.Entries.Select(entry => entry.Message)
                .OfType<ChatMessage>()
                .Where(message => IsPicture(message.File)),
        ];

    private static bool IsPicture(FileSummary? file) => file is { MediaType.Length: > 0, IsFolder: false };

    private void OpenPicture(ChatMessage message)
    {
        var file = message.File!;
        if (file.State is not (FileState.Held or FileState.Complete or FileState.Placing))
        {
            State = State with { Hint = Texts.PictureIsNotHere };
            return;
        }

        if (file.Size > AppEffect.MaxPictureBytes)
        {
            State = State with { Hint = Texts.PictureIsTooLarge };
            return;
        }

        State = State with { Selected = null, Picture = new PictureView(file.Chat, file.File, file.Name) };
        if (State.Graphics is null)
        {
            State = State with { Graphics = TerminalGraphics.None };
            _effects.Add(new AppEffect.AskForGraphics());
        }

        LoadWholePicture();
    }

    private void LoadWholePicture()
    {
        if (State.Picture is { } view)
        {
            State = State with { Picture = new PictureView(view.Chat, view.File, view.Name) };
            _effects.Add(new AppEffect.LoadPicture(view.Chat, view.File, PictureScreen.RoomOf(State)));
        }
    }

    /// <summary>Gives a key to the picture; false when none is open.</summary>
    private bool TryPicture(KeyStroke key)
    {
        if (State.Picture is not { } view)
        {
            return false;
        }

        var step =
            key.Is(KeyCode.Left) || key.Is(KeyCode.Up) || key == KeyStroke.Of('k') ? -1
            : key.Is(KeyCode.Right) || key.Is(KeyCode.Down) || key == KeyStroke.Of('j') ? 1
            : 0;
        var pictures = Pictures();
        var index = pictures.FindIndex(message => message.File!.File == view.File) + step;
        if (step == 0)
        {
            State = State with { Picture = null };
        }
        else if (index >= 0 && index < pictures.Count)
        {
            OpenPicture(pictures[index]);
        }

        return true;
    }
}
