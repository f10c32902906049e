using System.Text.Json.Nodes;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Another WebRTC stack that runs <c>peer.js</c>.</summary>
internal interface IScriptedPeer : IDisposable
{
    /// <summary>Calls a function of <c>peer.js</c> and waits for its result.</summary>
    JsonNode? Call(string function, params object?[] arguments);
}
