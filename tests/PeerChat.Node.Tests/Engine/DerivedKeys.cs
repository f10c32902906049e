using System.Collections.Concurrent;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Signalling;

namespace PeerChat.Node.Tests.Engine;

/// <summary>The slow derivations, done once per process.</summary>
internal static class DerivedKeys
{
    private static readonly ConcurrentDictionary<string, Lazy<SignalKeys>> Names = new(
        StringComparer.Ordinal
    );

    private static readonly ConcurrentDictionary<string, Lazy<OpenRoomSecrets>> Rooms = new(
        StringComparer.Ordinal
    );

    public static SignalKeys OfNames(DisplayName one, DisplayName other)
    {
        var sorted = new[] { one.ToString(), other.ToString() };
        Array.Sort(sorted, StringComparer.Ordinal);
        return Names
            .GetOrAdd(
                string.Join('\n', sorted),
                _ => new Lazy<SignalKeys>(() => BareNames.DeriveExpensively(one, other))
            )
            .Value;
    }

    public static SignalKeys OfNames(string one, string other) =>
        OfNames(DisplayName.Of(one), DisplayName.Of(other));

    public static OpenRoomSecrets OfRoom(DisplayName name) =>
        Rooms
            .GetOrAdd(
                name.ToString(),
                _ => new Lazy<OpenRoomSecrets>(() => OpenRoomSecrets.DeriveExpensively(name))
            )
            .Value;
}
