using PeerChat.Node.Profiles;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Settings;

/// <summary>Says on standard error what the configuration file has wrong.</summary>
internal static class ConfigProblems
{
    /// <summary>A file that is no configuration has a problem in every line; so many are enough to see it.</summary>
    public const int MaxShown = 5;

    /// <summary>Writes a line for each problem, and how many more there are.</summary>
    public static void Write(ConfigFile file, string path, TextWriter errors)
    {
        foreach (var problem in file.Problems.Take(MaxShown))
        {
            errors.WriteLine("peerchat: " + PlainText.Clean(problem.At(path)));
        }

        if (file.Problems.Count > MaxShown)
        {
            errors.WriteLine(
                "peerchat: "
                    + Words.Of(
                        $"{path} has {file.Problems.Count - MaxShown} more; 'peerchat config edit' opens it."
                    )
            );
        }
    }
}
