using PeerChat.Node;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Output;

/// <summary>Files of chats, as lines for people.</summary>
internal static class FileLines
{
    /// <summary>Digits of an id that are shown; as many as tell messages apart.</summary>
    private const int ShownIdDigits = 8;

    /// <summary>A file in a list: what names it in commands, its name, and how it stands.</summary>
    public static string Of(FileSummary file) =>
        PlainText.Clean(
            $"{file.File[..Math.Min(file.File.Length, ShownIdDigits)]}  {file.Name}  {Standing(file)}"
        );

    /// <summary>How a file stands: its size, what is done with it, how far that is.</summary>
    public static string Standing(FileSummary file)
    {
        var parts = new List<string>();
        if (file.Size > 0 || file.State != FileState.Preparing)
        {
            parts.Add(ProgressLine.Bytes(file.Size));
        }

        if (file.IsFolder)
        {
            parts.Add(Words.Count(file.Files, $"{file.Files} file", $"{file.Files} files"));
        }

        if (file.MayRun)
        {
            parts.Add(Words.Of("may run programs"));
        }

        parts.Add(StateOf(file));
        return string.Join("  ", parts);
    }

    /// <summary>What is done with a file, with rate, time left and sources where blocks move.</summary>
    public static string StateOf(FileSummary file) =>
        file.State switch
        {
            FileState.Preparing => Moving(Words.Of("being read"), file),
            FileState.Announced => Words.Of("not fetched"),
            FileState.Waiting => Words.Of("waiting for somebody who has it"),
            FileState.Fetching => Moving(Words.Of("being fetched"), file),
            FileState.Placing => Moving(Words.Of("all here, being put in place"), file),
            FileState.Held when file.IsOwn && file.Holders > 0 => Words.Count(
                file.Holders,
                $"fetched by {file.Holders}",
                $"fetched by {file.Holders}"
            ),
            FileState.Held when file is { IsOwn: true, Given: > 0 } => Words.Of(
                $"offered, {ProgressLine.Bytes(file.Given)} given"
            ) + (file.Rate > 0 ? $"  {ProgressLine.Bytes(file.Rate)}/s" : ""),
            FileState.Held when file.IsOwn => Words.Of("offered"),
            FileState.Held => Words.Of("here"),
            FileState.Complete => file.Path ?? "",
            FileState.Cancelled => Words.Of("given up"),
            FileState.Recalled => Words.Of("recalled"),
            _ => Words.FromNode(file.Problem ?? ""),
        };

    private static string Moving(string what, FileSummary file)
    {
        var parts = new List<string> { what };
        if (file.Size > 0)
        {
            // Rounded down: 100 % is said of nothing that is not done
            parts.Add($"{Math.Min(99, (int)(100.0 * file.Done / file.Size))} %");
        }

        if (file.Rate > 0)
        {
            parts.Add(ProgressLine.Bytes(file.Rate) + "/s");
        }

        if (file.LeftSeconds is { } left)
        {
            parts.Add(Words.Of($"{ProgressLine.Time(TimeSpan.FromSeconds(left))} left"));
        }

        if (file.Sources.Length > 0)
        {
            parts.Add(Words.Of($"from {string.Join(", ", file.Sources)}"));
        }

        return string.Join("  ", parts);
    }
}
