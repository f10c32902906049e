namespace PeerChat.Tui.Model;

/// <summary>A command that is entered with a slash.</summary>
/// <param name="Name">Its name, with the slash.</param>
/// <param name="Arguments">What it takes, as the help writes it; empty for none.</param>
/// <param name="Help">What it does.</param>
/// <param name="Run">Does it; false when the arguments are not of its form.</param>
internal sealed record SlashCommand(
    string Name,
    string Arguments,
    string Help,
    Func<Turn, string[], bool> Run
);
