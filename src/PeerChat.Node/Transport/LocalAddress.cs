using System.Net;

namespace PeerChat.Node.Transport;

/// <summary>An address of this machine and the prefix that its neighbours share.</summary>
/// <param name="Address">The address; link-local ones have their scope.</param>
/// <param name="PrefixLength">Leading bits that all hosts of the link have in common.</param>
internal readonly record struct LocalAddress(IPAddress Address, int PrefixLength);
