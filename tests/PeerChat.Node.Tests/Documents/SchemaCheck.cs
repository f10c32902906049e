using System.Text.Json;
using System.Text.Json.Nodes;

namespace PeerChat.Node.Tests.Documents;

/// <summary>Holds a JSON value against a schema, as far as the published schema uses the language.</summary>
/// <param name="root">The whole schema, where references point.</param>
internal sealed class SchemaCheck(JsonObject root)
{
    /// <summary>Why a value does not fit; null where it does.</summary>
    public string? Problem(JsonNode? value) => Problem(value, root, "$");

    /// <summary>Why a value does not fit a definition; null where it does.</summary>
    public string? Problem(JsonNode? value, string definition) =>
        Problem(value, root["$defs"]![definition]!, "$");

    private string? Problem(JsonNode? value, JsonNode schema, string at)
    {
        if (schema is not JsonObject rules)
        {
            return schema.GetValue<bool>() ? null : $"{at}: nothing may stand here.";
        }

        foreach (var (rule, given) in rules)
        {
            var problem = rule switch
            {
                "$ref" => Problem(value, Resolve(given!.GetValue<string>()), at),
                "type" => IsOf(value, given!) ? null : $"{at}: is not {given!.ToJsonString()}.",
                "const" => JsonNode.DeepEquals(value, given)
                    ? null
                    : $"{at}: is not {given!.ToJsonString()}.",
                "enum" => given!.AsArray().Any(one => JsonNode.DeepEquals(value, one))
                    ? null
                    : $"{at}: is none of {given.ToJsonString()}.",
                "anyOf" => given!.AsArray().Any(one => Problem(value, one!, at) is null)
                    ? null
                    : $"{at}: fits none.",
                "oneOf" => given!.AsArray().Count(one => Problem(value, one!, at) is null) == 1
                    ? null
                    : $"{at}: does not fit one alone.",
                "required" => value is JsonObject members
                    ? given!
                        .AsArray()
                        .Select(one => one!.GetValue<string>())
                        .Where(name => !members.ContainsKey(name))
                        .Select(name => $"{at}: {name} is missing.")
                        .FirstOrDefault()
                    : null,
                "properties" => value is JsonObject members
                    ? given!
                        .AsObject()
                        .Where(one => members.ContainsKey(one.Key))
                        .Select(one => Problem(members[one.Key], one.Value!, $"{at}.{one.Key}"))
                        .FirstOrDefault(found => found is not null)
                    : null,
                "additionalProperties" => value is JsonObject members && !given!.GetValue<bool>()
                    ? members
                        .Select(one => one.Key)
                        .Where(name => rules["properties"]?.AsObject().ContainsKey(name) != true)
                        .Select(name => $"{at}: {name} is unknown.")
                        .FirstOrDefault()
                    : null,
                "items" => value is JsonArray list
                    ? list.Select((item, i) => Problem(item, given!, $"{at}[{i}]"))
                        .FirstOrDefault(found => found is not null)
                    : null,
                "description" or "default" or "title" or "$schema" or "$defs" or "pattern" => null,
                _ => throw new InvalidOperationException(
                    $"The schema uses {rule}, which is not checked here."
                ),
            };
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private JsonNode Resolve(string reference)
    {
        JsonNode node = root;
        foreach (var step in reference.Split('/').Skip(1))
        {
            node = node is JsonArray list ? list[int.Parse(step)]! : node[step]!;
        }

        return node;
    }

    private static bool IsOf(JsonNode? value, JsonNode type) =>
        type is JsonArray several
            ? several.Any(one => IsOf(value, one!))
            : type.GetValue<string>() switch
            {
                "null" => value is null,
                "object" => value is JsonObject,
                "array" => value is JsonArray,
                "string" => value?.GetValueKind() == JsonValueKind.String,
                "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
                "number" => value?.GetValueKind() == JsonValueKind.Number,
                _ => value?.GetValueKind() == JsonValueKind.Number
                    && !value.ToJsonString().Contains('.', StringComparison.Ordinal),
            };
}
