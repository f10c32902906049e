namespace PeerChat.Tui.Commands.Table;

/// <summary>A command line that shows how a command is used.</summary>
/// <param name="Line">The line.</param>
/// <param name="Meaning">What it does.</param>
internal sealed record Example(string Line, string Meaning);
