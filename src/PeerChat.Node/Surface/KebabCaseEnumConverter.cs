using System.Text.Json;
using System.Text.Json.Serialization;

namespace PeerChat.Node;

/// <summary>Writes the values of an enumeration as lower-case words with hyphens, and reads them by name alone.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class KebabCaseEnumConverter<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
