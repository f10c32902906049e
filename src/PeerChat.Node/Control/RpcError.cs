namespace PeerChat.Node.Control;

/// <summary>Why a request was not done.</summary>
/// <param name="Code">One of <see cref="RpcErrorCode"/>.</param>
/// <param name="Message">The sentence for the user.</param>
/// <param name="Refusal">The data's <c>code</c>, where the node refused.</param>
internal sealed record RpcError(int Code, string Message, string? Refusal = null);
