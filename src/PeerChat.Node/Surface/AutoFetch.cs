using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>Which files come without being asked for.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<AutoFetch>))]
public enum AutoFetch
{
    /// <summary>None.</summary>
    Nothing,

    /// <summary>Pictures of at most 1 MiB from pinned contacts; what counts where nobody says otherwise.</summary>
    Pictures,

    /// <summary>Files and folders of at most 64 MiB from everybody who is not blocked.</summary>
    All,
}
