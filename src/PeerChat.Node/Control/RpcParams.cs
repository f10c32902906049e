using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PeerChat.Node.Control;

/// <summary>Reads the parameters of a method, and says in words what is wrong with them.</summary>
internal static class RpcParams
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = SurfaceJson.MaxDepth };

    /// <summary>Reads them.</summary>
    /// <typeparam name="T">What they become.</typeparam>
    /// <param name="parameters">The object; empty for none.</param>
    /// <param name="shape">What belongs in it.</param>
    /// <param name="value">The parameters.</param>
    /// <param name="error">What is wrong.</param>
    public static bool TryRead<T>(
        ReadOnlyMemory<byte> parameters,
        JsonTypeInfo shape,
        out T value,
        out RpcError error
    )
        where T : class
    {
        (value, error) = (null!, null!);
        var json = parameters.IsEmpty ? "{}"u8 : parameters.Span;
        try
        {
            if (Check(json, shape) is { } problem)
            {
                error = new RpcError(RpcErrorCode.BadParams, problem);
                return false;
            }

            value = (T)JsonSerializer.Deserialize(json, shape)!;
            return true;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            error = new RpcError(
                RpcErrorCode.BadParams,
                "The params hold a value that cannot be read: a number out of range, or half of a character pair."
            );
            return false;
        }
    }

    private static string? Check(ReadOnlySpan<byte> json, JsonTypeInfo shape)
    {
        var reader = new Utf8JsonReader(json, Strict);
        reader.Read();
        return Check(ref reader, shape);
    }

    // From the beginning of an object to its end
    private static string? Check(ref Utf8JsonReader reader, JsonTypeInfo shape)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var property = shape.Properties.FirstOrDefault(one => one.Name == name);
            if (property is null)
            {
                return $"There is no param {Quote(name)}; {NearestName.Hint(name, [.. shape.Properties.Select(one => one.Name)])}";
            }

            if (!seen.Add(name))
            {
                return $"The param {name} is given twice.";
            }

            reader.Read();
            if (!Fits(ref reader, property))
            {
                return $"The param {name} must be {Describe(property.PropertyType)}.";
            }

            if (IsObjects(property.PropertyType) && CheckObjects(reader, property) is { } problem)
            {
                return $"In {name}: {problem}";
            }

            reader.Skip();
        }

        var missing = shape.Properties.FirstOrDefault(one =>
            !seen.Contains(one.Name) && one.AssociatedParameter is { HasDefaultValue: false }
        );
        return missing is null
            ? null
            : $"The param {missing.Name} is missing; it must be {Describe(missing.PropertyType)}.";
    }

    private static bool IsObjects(Type type) => type.IsArray && type != typeof(string[]);

    // By value: the caller's reader stays where it is.
    private static string? CheckObjects(Utf8JsonReader reader, JsonPropertyInfo property)
    {
        var element = property.Options.GetTypeInfo(property.PropertyType.GetElementType()!);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return "each must be an object.";
            }

            if (Check(ref reader, element) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static bool Fits(ref Utf8JsonReader reader, JsonPropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType);
        if (reader.TokenType == JsonTokenType.Null)
        {
            return type is not null || property.AssociatedParameter is { IsNullable: true };
        }

        type ??= property.PropertyType;
        return type == typeof(bool) ? reader.TokenType is JsonTokenType.True or JsonTokenType.False
            : type == typeof(int) ? reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out _)
            : type == typeof(long) ? reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out _)
            : type == typeof(string[]) ? reader.TokenType == JsonTokenType.StartArray && IsTexts(reader)
            : IsObjects(type) ? reader.TokenType == JsonTokenType.StartArray
            : reader.TokenType == JsonTokenType.String;
    }

    // By value: the caller's reader stays where it is.
    private static bool IsTexts(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                return false;
            }
        }

        return true;
    }

    private static string Describe(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? Describe(inner)
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(string[]) ? "a list of texts"
        : IsObjects(type) ? "a list of objects"
        : "a text";

    private static string Quote(string name) => name.Length <= 64 ? $"'{name}'" : $"'{name[..64]}…'";
}
