namespace PeerChat.Node.Control;

/// <summary>What it is told.</summary>
/// <param name="Protocol">The version of the protocol.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Run">This run of the node.</param>
/// <param name="Name">One's own name.</param>
/// <param name="PeerId">One's own full id.</param>
/// <param name="ProcessId">The process that runs the node.</param>
/// <param name="Interfaces">The only interfaces that the node was told to use; empty for all.</param>
internal sealed record HelloResult(
    int Protocol,
    string Version,
    string Run,
    string Name,
    string PeerId,
    int ProcessId,
    string[] Interfaces
);
