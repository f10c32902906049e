using PeerChat.Tui.Model;

namespace PeerChat.Tui.Commands.Table;

/// <summary>A command as it is entered in a chat, with a slash.</summary>
/// <param name="Name">Its name, with the slash.</param>
/// <param name="Arguments">What it takes, as the help writes it; empty for none.</param>
/// <param name="Help">What it does, in some words.</param>
/// <param name="Run">Does it; false when the arguments are not of its form.</param>
internal sealed record SlashForm(
    string Name,
    string Arguments,
    string Help,
    Func<IChatCommands, string[], bool> Run
)
{
    /// <summary>How it is entered: its name and what it takes.</summary>
    public string Usage => $"{Name} {Arguments}".TrimEnd();

    /// <summary>Other names for it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether the line mode has no use for it.</summary>
    public bool IsForScreen { get; init; }

    /// <summary>Whether what stands behind it is the path of a file or folder, which Tab completes.</summary>
    public bool TakesPath { get; init; }
}
