using System.Net;
using System.Net.Sockets;
using PeerChat.Node.Engine;
using PeerChat.Primitives;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Transport;

/// <summary>Does slow work on other threads and brings the answers back to the loop.</summary>
/// <param name="goOn">Takes what the loop thread has to do with an answer.</param>
/// <param name="clock">The clocks.</param>
/// <param name="isLoopbackOnly">With loopback alone nothing is looked up, ever.</param>
/// <param name="turnCommand">What prints user names and passwords for TURN servers; null where all have theirs.</param>
internal sealed class SlowWork(
    Action<Action<NodeEngine>> goOn,
    NodeClock clock,
    bool isLoopbackOnly,
    string? turnCommand
)
{
    /// <summary>So many addresses of one server are tried, one after the other.</summary>
    private const int MaxServerAddresses = 4;

    /// <summary>Begins a piece of work.</summary>
    public void Begin(EngineEffect effect) => _ = Task.Run(() => Carry(effect));

    private async Task Carry(EngineEffect effect)
    {
        switch (effect)
        {
            case EngineEffect.DeriveBareName bare:
                var keys = BareNames.DeriveExpensively(bare.One, bare.Other);
                goOn(engine => engine.HandleBareName(bare.Name, keys, clock.Now, clock.WallNow));
                break;
            case EngineEffect.DeriveOpenRoom room:
                var secrets = OpenRoomSecrets.DeriveExpensively(room.Name);
                goOn(engine =>
                    engine.HandleOpenRoom(room.Name.ToString(), secrets, clock.Now, clock.WallNow)
                );
                break;
            case EngineEffect.ResolveHost resolve:
                var address = await Resolve(resolve.Host, resolve.Port);
                goOn(engine =>
                    engine.HandleResolvedHost(resolve.Chat, address, resolve.Host, clock.Now, clock.WallNow)
                );
                break;
            case EngineEffect.ResolveServer server:
                if (server.CredentialsFor is { } label)
                {
                    var answer = await CredentialsCommand.Run(
                        turnCommand!,
                        label,
                        clock.WallNow.ToDateTimeOffset()
                    );
                    goOn(engine =>
                        engine.HandleServerCredentials(server.Server, answer, clock.Now, clock.WallNow)
                    );
                }

                var found = await ResolveAll(server.Host, server.Port);
                goOn(engine => engine.HandleServerResolved(server.Server, found, clock.Now, clock.WallNow));
                break;
            default:
                throw new InvalidOperationException($"Nobody does {effect.GetType().Name}.");
        }
    }

    private static async Task<IReadOnlyList<TransportAddress>> ResolveAll(string host, int port)
    {
        try
        {
            return IPAddress.TryParse(host, out var literal)
                ? [new TransportAddress(literal, port)]
                :
                [
                    .. (await Dns.GetHostAddressesAsync(host))
                        .Take(MaxServerAddresses)
                        .Select(address => new TransportAddress(address, port)),
                ];
        }
        catch (SocketException)
        {
            return []; // told to the user as "could not be looked up"
        }
    }

    private async Task<TransportAddress?> Resolve(string host, int port)
    {
        if (isLoopbackOnly)
        {
            return host == "localhost" ? new TransportAddress(IPAddress.Loopback, port) : null;
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host);
            return addresses.Length == 0 ? null : new TransportAddress(addresses[0], port);
        }
        catch (SocketException)
        {
            return null; // told to the user as "could not be looked up"
        }
    }
}
