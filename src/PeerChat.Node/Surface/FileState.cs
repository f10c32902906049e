using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>Where a file stands.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<FileState>))]
public enum FileState
{
    /// <summary>One's own: it is being read, and is announced when it is whole.</summary>
    Preparing,

    /// <summary>Announced by somebody; nothing of it is here.</summary>
    Announced,

    /// <summary>Wanted, and nobody who has it is connected.</summary>
    Waiting,

    /// <summary>Blocks come.</summary>
    Fetching,

    /// <summary>All blocks are here; the file is being put in its place.</summary>
    Placing,

    /// <summary>All blocks are here, and given to whoever asks.</summary>
    Held,

    /// <summary>It lies in its place: every block was verified, and the bytes are durable.</summary>
    Complete,

    /// <summary>It did not work; the problem says why, and what to do.</summary>
    Failed,

    /// <summary>Given up by the user.</summary>
    Cancelled,

    /// <summary>Taken back by its author; its blocks are deleted.</summary>
    Recalled,
}
