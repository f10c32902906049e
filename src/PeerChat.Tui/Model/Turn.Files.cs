using PeerChat.Node;
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
        if (file.State == FileState.Failed)
        {
            Say(file.Chat, $"{file.Name}: {FileLines.StateOf(file)}", isWarning: true);
        }
        else if (
            changed.OldFile is null
            && file is { State: FileState.Preparing }
            && file.Chat == State.Current
        )
        {
            State = State with { Hint = $"{file.Name}  {FileLines.Standing(file)}" };
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
            _effects.Add(new AppEffect.LoadPicture(file.Chat, file.File));
        }
    }

    private void TakePicture(AppMessage.PictureLoaded loaded)
    {
        if (loaded.Picture is { } picture)
        {
            ChangeLog(loaded.Chat, log => log.WithPreview(loaded.File, PictureCells.HalfBlocks(picture)));
        }
    }
}
