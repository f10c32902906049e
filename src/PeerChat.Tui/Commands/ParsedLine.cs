using PeerChat.Tui.Commands.Table;

namespace PeerChat.Tui.Commands;

/// <summary>A command line that was read.</summary>
/// <param name="Row">The command.</param>
/// <param name="Wanted">What is wanted of it.</param>
/// <param name="Values">What was given, by the parameter's name.</param>
internal sealed record ParsedLine(
    CommandRow Row,
    Wanted Wanted,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Values
);
