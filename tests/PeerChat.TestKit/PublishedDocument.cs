namespace PeerChat.TestKit;

/// <summary>A document of the repository of which the code makes a part.</summary>
/// <remarks>With PEERCHAT_UPDATE_DOCS=1 the part is written anew; look at the difference before committing it.</remarks>
public static class PublishedDocument
{
    /// <summary>The variable that has documents written rather than compared.</summary>
    public const string UpdateVariable = "PEERCHAT_UPDATE_DOCS";

    /// <summary>Compares a whole file.</summary>
    public static void Match(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var path = PathOf(name);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(path, text);
        }

        Compare(path, File.Exists(path) ? File.ReadAllText(path) : "", text);
    }

    /// <summary>Compares what stands between <c>&lt;!-- mark:begin --&gt;</c> and <c>&lt;!-- mark:end --&gt;</c>.</summary>
    public static void MatchBlock(string name, string mark, string text)
    {
        var path = PathOf(name);
        var document = File.ReadAllText(path).ReplaceLineEndings("\n");
        var (begin, end) = ($"<!-- {mark}:begin -->\n", $"<!-- {mark}:end -->");
        var from = document.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = document.IndexOf(end, StringComparison.Ordinal);
        if (from < begin.Length || to < from)
        {
            throw new InvalidOperationException($"{path} has no block '{mark}'.");
        }

        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            document = $"{document[..from]}\n{text}\n{document[to..]}";
            File.WriteAllText(path, document);
            to = document.IndexOf(end, StringComparison.Ordinal);
        }

        Compare(path, document[from..to], $"\n{text}\n");
    }

    /// <summary>A file of the documents' folder.</summary>
    public static string PathOf(string name)
    {
        for (
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent
        )
        {
            if (folder.EnumerateFiles("*.sln").Any())
            {
                return Path.Combine(folder.FullName, "docs", name);
            }
        }

        throw new InvalidOperationException("The tests do not run from below the repository's folder.");
    }

    private static void Compare(string path, string found, string made)
    {
        var (old, now) = (
            found.ReplaceLineEndings("\n").Split('\n'),
            made.ReplaceLineEndings("\n").Split('\n')
        );
        for (var line = 0; line < Math.Max(old.Length, now.Length); line++)
        {
            var (is_, shouldBe) = (old.ElementAtOrDefault(line), now.ElementAtOrDefault(line));
            if (is_ != shouldBe)
            {
                throw new InvalidOperationException(
                    $"{path} is not what the code says; run the test with {UpdateVariable}=1 and look at the difference. "
                        + $"The first one: there is\n{is_ ?? "(nothing)"}\nwhere the code says\n{shouldBe ?? "(nothing)"}"
                );
            }
        }
    }
}
