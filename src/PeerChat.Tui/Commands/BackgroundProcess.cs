using System.Diagnostics;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Commands;

/// <summary>A process of ours in the background, on its way to running the node. Disposing of this leaves it running.</summary>
/// <param name="process">The process.</param>
/// <param name="logPath">Where what it says goes.</param>
/// <param name="logStart">What the log held before, in bytes.</param>
internal sealed class BackgroundProcess(Process process, string logPath, long logStart) : IDisposable
{
    /// <summary>How much of the log's end is read for its last line: more than any sentence of ours.</summary>
    private const int LastWordsBytes = 4096;

    private const string Speaker = "peerchat: ";

    /// <summary>Its id.</summary>
    public int ProcessId { get; } = process.Id;

    /// <summary>Where what it says goes.</summary>
    public string LogPath => logPath;

    /// <summary>What to end with because of its end: its own code, where that tells of a failure.</summary>
    public int ExitCode =>
        process.ExitCode != Commands.ExitCode.Done ? process.ExitCode : Commands.ExitCode.Storage;

    /// <summary>What to say of its end: why, in its own last words.</summary>
    public string Epitaph =>
        LastWords() is { } words
            ? Words.Of($"The process in the background ended before it ran the node. It said: {words}")
            : Words.Of(
                $"The process in the background ended with code {process.ExitCode} before it ran the node; {logPath} may say why."
            );

    /// <summary>Waits until it has ended, or something else is over before.</summary>
    public async Task<bool> EndsBeforeAsync(Task other, CancellationToken cancellation)
    {
        var ended = process.WaitForExitAsync(cancellation);
        return await Task.WhenAny(other, ended) == ended && ended.IsCompletedSuccessfully;
    }

    /// <summary>Waits until it has failed to run the node, which it may have so long for, and says so for a screen that goes on.</summary>
    public async Task<string> FailureAsync(TimeSpan patience)
    {
        using var over = new CancellationTokenSource();
        var hasEnded = await EndsBeforeAsync(Task.Delay(patience, over.Token), over.Token);
        await over.CancelAsync();
        return hasEnded ? Epitaph + " " + Texts.ThisOneGoesOn : Texts.NotHandedOver(logPath);
    }

    /// <inheritdoc/>
    public void Dispose() => process.Dispose();

    private string? LastWords()
    {
        try
        {
            using var log = new FileStream(logPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            log.Position = Math.Clamp(
                log.Length - LastWordsBytes,
                Math.Min(logStart, log.Length),
                log.Length
            );
            using var reader = new StreamReader(log);
            var last = reader
                .ReadToEnd()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .LastOrDefault();
            return last is null
                ? null
                : PlainText.Clean(
                    last.StartsWith(Speaker, StringComparison.Ordinal) ? last[Speaker.Length..] : last
                );
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null; // the sentence then names the log itself
        }
    }
}
