using PeerChat.Node;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Tests.Languages;

/// <summary>Texts that reach users from elsewhere and stand in no source as they are said.</summary>
internal static class NodeWords
{
    /// <summary>Words made from the names of states, and what System.CommandLine says.</summary>
    public static IEnumerable<string> All =>
        [
            .. Enum.GetValues<ConnectionState>().Select(state => JsonLines.Word(state)),
            .. Enum.GetValues<TrustState>().Select(state => JsonLines.Word(state)),
            .. Enum.GetValues<RequestState>().Select(state => JsonLines.Word(state)),
            .. Enum.GetValues<RoomRole>().Select(role => JsonLines.Word(role)),
            "environment variable {0}", // of SettingLookup
            "{0}, line {1}",
            "Unrecognized command or argument '{0}'.",
            "Required argument missing for option: '{0}'.",
            "Required argument missing for option: {0}.",
            "Option '{0}' expects a single argument but {1} were provided.",
        ];
}
