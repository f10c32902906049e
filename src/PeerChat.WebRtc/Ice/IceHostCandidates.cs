using PeerChat.Primitives;

namespace PeerChat.WebRtc.Ice;

/// <summary>Makes the host candidates of an agent from the addresses of its sockets (RFC 8445 section 5.1.1.1).</summary>
internal static class IceHostCandidates
{
    /// <summary>One candidate per address, in the given order.</summary>
    /// <exception cref="ArgumentException">An address is not that of one host, or comes twice.</exception>
    public static IEnumerable<IceLocalCandidate> From(IReadOnlyList<TransportAddress> addresses)
    {
        for (var i = 0; i < addresses.Count; i++)
        {
            var address = addresses[i];
            if (!IceAddressRules.IsUnicast(address))
            {
                throw new ArgumentException($"{address} is not the address of a socket.", nameof(addresses));
            }

            if (addresses.Take(i).Contains(address))
            {
                throw new ArgumentException($"{address} is there twice.", nameof(addresses));
            }

            var localPreference = IcePriority.LocalPreference(address, i);
            // RFC 8445 section 5.1.1.3: the same foundation for the same IP address
            var host = address.WithPort(0);
            var foundation = addresses.TakeWhile(other => other.WithPort(0) != host).Count() + 1;
            var candidate = new IceCandidate(
                IceCandidateType.Host,
                address,
                IcePriority.OfCandidate(IceCandidateType.Host, localPreference),
                $"{foundation}"
            );
            yield return new IceLocalCandidate(candidate, address);
        }
    }

    /// <summary>A candidate that a server gave.</summary>
    /// <param name="gathered">Its addresses.</param>
    /// <param name="index">Its place: the first is preferred.</param>
    public static IceLocalCandidate From(GatheredCandidate gathered, int index) =>
        new(
            new IceCandidate(
                gathered.Type,
                gathered.Address,
                IcePriority.OfCandidate(
                    gathered.Type,
                    VirtualAddress.TryRead(gathered.Address, out _)
                        ? 0
                        : IcePriority.LocalPreference(gathered.Address, index)
                ),
                // One for each type, family and server: what the RFC asks for, as far as one list tells
                $"{(gathered.Type == IceCandidateType.Relayed ? "r" : "s")}{(gathered.Address.IsIPv6 ? 6 : 4)}{index}"
            ),
            gathered.Base
        );
}
