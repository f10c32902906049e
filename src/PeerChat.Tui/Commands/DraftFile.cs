using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Commands;

/// <summary>A draft on its way through the user's editor: a file that only the user can read, gone afterwards.</summary>
internal static class DraftFile
{
    /// <summary>Opens the editor on a text and waits for its end.</summary>
    /// <returns>The text that was saved, without the newline that editors put at the end; else why there is none.</returns>
    public static (string? Text, string? Problem) Edit(string text)
    {
        string? folder = null;
        try
        {
            // Made for its owner alone
            folder = Directory.CreateTempSubdirectory("peerchat-draft-").FullName;
            var path = Path.Combine(folder, "message.txt");
            File.WriteAllText(path, text);
            var code = TextEditor.OpenAsync(path).GetAwaiter().GetResult();
            return code == 0
                ? (File.ReadAllText(path).TrimEnd('\n', '\r'), null)
                : (null, Texts.EditorFailed(code));
        }
        catch (UsageException failed)
        {
            return (null, failed.Message);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return (null, Texts.NoDraftFile);
        }
        finally
        {
            if (folder is not null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
