using System.Diagnostics.CodeAnalysis;

namespace PeerChat.Benchmarks;

/// <summary>What is to be measured, and how it is told.</summary>
/// <param name="Json">One JSON object instead of a table.</param>
/// <param name="Program">The peerchat that is measured.</param>
/// <param name="Folder">Where profiles are made.</param>
/// <param name="Messages">How long the history of <c>sync</c> is; both sizes of the budget when left out.</param>
internal sealed record ChatOptions(bool Json, string Program, string Folder, int? Messages = null)
{
    /// <summary>Reads the arguments behind <c>chat</c>.</summary>
    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out ChatOptions? options)
    {
        var name = OperatingSystem.IsWindows() ? "peerchat.exe" : "peerchat";
        var read = new ChatOptions(false, Path.Combine(AppContext.BaseDirectory, name), Path.GetTempPath());
        options = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--json":
                    read = read with { Json = true };
                    break;
                case "--program" when value is not null:
                    read = read with { Program = Path.GetFullPath(value) };
                    i++;
                    break;
                case "--folder" when value is not null:
                    read = read with { Folder = Path.GetFullPath(value) };
                    i++;
                    break;
                case "--messages" when int.TryParse(value, out var messages) && messages > 0:
                    read = read with { Messages = messages };
                    i++;
                    break;
                default:
                    return false;
            }
        }

        options = read;
        return true;
    }
}
