using System.Text;
using System.Text.Json;

namespace PeerChat.Node.Control;

/// <summary>Single texts out of and into JSON, for where whole objects would cost a short-lived process more than all else it does.</summary>
/// <remarks>
/// The serializer builds what it knows of a type at run time, with generic code that is compiled on the spot: a tenth of a second and more in a
/// process that lives for half of that. What is read and written here is the same JSON.
/// </remarks>
internal static class JsonText
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = SurfaceJson.MaxDepth };

    /// <summary>The text at a path of property names; null where there is none, something else, or no JSON object.</summary>
    public static string? At(ReadOnlySpan<byte> json, params ReadOnlySpan<string> path)
    {
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            return Enter(ref reader, path) ? Text(ref reader) : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The texts in the array at a path; null where there is none, or something else in it.</summary>
    public static List<string>? ListAt(ReadOnlySpan<byte> json, params ReadOnlySpan<string> path)
    {
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!Enter(ref reader, path) || reader.TokenType != JsonTokenType.StartArray)
            {
                return null;
            }

            var texts = new List<string>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (Text(ref reader) is not { } text)
                {
                    return null;
                }

                texts.Add(text);
            }

            return texts;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A text with its quotes; null as such. Control characters, quotes and backslashes are escaped, everything else stays.</summary>
    public static string Quote(string? text)
    {
        if (text is null)
        {
            return "null";
        }

        var json = new StringBuilder(text.Length + 2).Append('"');
        foreach (var unit in text)
        {
            _ = unit switch
            {
                '"' or '\\' => json.Append('\\').Append(unit),
                < ' ' => json.Append("\\u00").Append(HexDigit(unit >> 4)).Append(HexDigit(unit & 0xF)),
                _ => json.Append(unit),
            };
        }

        return json.Append('"').ToString();
    }

    private static bool Enter(ref Utf8JsonReader reader, scoped ReadOnlySpan<string> path)
    {
        reader.Read();
        foreach (var name in path)
        {
            if (reader.TokenType != JsonTokenType.StartObject || !Find(ref reader, name))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Find(ref Utf8JsonReader reader, string name)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = reader.ValueTextEquals(name);
            reader.Read();
            if (isWanted)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static string? Text(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString() : null;

    private static char HexDigit(int value) => "0123456789abcdef"[value];
}
