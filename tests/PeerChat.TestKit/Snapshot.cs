namespace PeerChat.TestKit;

/// <summary>Compares text with a file that somebody has looked at and committed.</summary>
/// <remarks>
/// The files lie in the test project's folder <c>Snapshots</c>. With PEERCHAT_ACCEPT_SNAPSHOTS=1 they are written anew; look
/// at the difference before committing it.
/// </remarks>
public static class Snapshot
{
    /// <summary>Throws when the text is not that of the file.</summary>
    public static void Match(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var folder = Path.Combine(ProjectFolder(), "Snapshots");
        var verified = Path.Combine(folder, name + ".verified.txt");
        var received = Path.Combine(folder, name + ".received.txt");
        var actual = text.ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("PEERCHAT_ACCEPT_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(verified, actual);
        }

        var expected = File.Exists(verified) ? File.ReadAllText(verified).ReplaceLineEndings("\n") : null;
        if (expected == actual)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(received, actual);
        throw new InvalidOperationException(
            $"{name} is not as verified (compare with {received}).\nExpected:\n{expected ?? "(no file)\n"}\nActual:\n{actual}"
        );
    }

    private static string ProjectFolder()
    {
        for (
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent
        )
        {
            if (folder.EnumerateFiles("*.csproj").Any())
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run from below their project's folder.");
    }
}
