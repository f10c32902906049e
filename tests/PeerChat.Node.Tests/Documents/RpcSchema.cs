using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using PeerChat.Node.Control;

namespace PeerChat.Node.Tests.Documents;

/// <summary>The schema of the control protocol for programs (JSON Schema 2020-12), made from the record types and their comments.</summary>
internal static class RpcSchema
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as a file.</summary>
    public static string Text() => Make().ToJsonString(Indented) + "\n";

    /// <summary>The schema: a definition for the params and the result of each method, and one for each line that the node may write.</summary>
    public static JsonObject Make()
    {
        var docs = new XmlDocs(Wire.Names);
        var definitions = new JsonObject();
        foreach (var method in Wire.Methods)
        {
            var text = docs.Field(typeof(RpcMethod), method.Constant);
            Add($"params.{method.Name}", method.Params, text);
            Add($"result.{method.Name}", method.Result, text);
        }

        foreach (var (name, shape) in Wire.Commands)
        {
            Add($"params.{name}", shape, docs.Summary(shape.Type));
            var reply = Wire.Answers.GetValueOrDefault(shape.Type, typeof(NodeReply.Done));
            definitions[$"result.{name}"] = Reference(
                $"reply.{Wire.Replies.First(one => one.Shape.Type == reply).Name}"
            );
        }

        foreach (var (name, shape) in Wire.Replies.Where(one => one.Shape.Type != typeof(NodeReply.Refused)))
        {
            Add($"reply.{name}", shape, docs.Summary(shape.Type), ("reply", name));
        }

        foreach (var (name, shape) in Wire.Events)
        {
            Add($"event.{name}", shape, docs.Summary(shape.Type), ("event", name));
        }

        definitions["event"] = AnyOf(Wire.Events.Select(one => $"event.{one.Name}"));
        definitions["request"] = Request();
        definitions["response"] = JsonNode.Parse(
            """
            {
              "description": "An answer: the id of its request, and a result (see the definition result.METHOD) or an error.",
              "type": "object",
              "properties": { "jsonrpc": { "const": "2.0" }, "id": {}, "result": {}, "error": { "$ref": "#/$defs/error" } },
              "required": ["jsonrpc", "id"],
              "oneOf": [{ "required": ["result"] }, { "required": ["error"] }]
            }
            """
        );
        definitions["error"] = JsonNode.Parse(
            """
            {
              "type": "object",
              "properties": {
                "code": { "type": "integer" },
                "message": { "type": "string" },
                "data": { "type": "object", "properties": { "code": { "$ref": "#/$defs/refusal" } }, "required": ["code"] }
              },
              "required": ["code", "message"]
            }
            """
        );
        definitions["refusal"] = new JsonObject
        {
            ["enum"] = new JsonArray([
                .. Enum.GetValues<RefusalCode>().Select(code => JsonValue.Create(Wire.NameOf(code))),
            ]),
        };
        definitions["notification"] = JsonNode.Parse(
            """
            {
              "description": "What the node says unasked.",
              "type": "object",
              "properties": { "jsonrpc": { "const": "2.0" }, "method": { "type": "string" }, "params": { "type": "object" } },
              "required": ["jsonrpc", "method", "params"],
              "oneOf": [
                {
                  "properties": {
                    "method": { "const": "event" },
                    "params": {
                      "properties": { "number": { "type": "integer" }, "event": { "$ref": "#/$defs/event" } },
                      "required": ["number", "event"]
                    }
                  }
                },
                {
                  "properties": {
                    "method": { "const": "lost" },
                    "params": {
                      "properties": { "from": { "type": "integer" }, "to": { "type": "integer" } },
                      "required": ["from", "to"]
                    }
                  }
                },
                {
                  "properties": {
                    "method": { "const": "closed" },
                    "params": { "properties": { "reason": { "type": "string" } }, "required": ["reason"] }
                  }
                }
              ]
            }
            """
        );
        return new JsonObject
        {
            ["$schema"] = Dialect,
            ["title"] = "PeerChat's control protocol, version 1: a line that the node writes",
            ["anyOf"] = AnyOf(["response", "notification"])["anyOf"]!.DeepClone(),
            ["$defs"] = definitions,
        };

        void Add(string name, JsonTypeInfo shape, string text, (string Name, string Value)? kind = null) =>
            definitions[name] = Export(name, shape, text, docs, kind);
    }

    private static JsonObject Request() =>
        new()
        {
            ["description"] = "A line that a client writes; without an id it is not answered.",
            ["anyOf"] = new JsonArray([
                .. Wire
                    .Methods.Select(method => (method.Name, method.Params))
                    .Concat(Wire.Commands)
                    .Select(method => new JsonObject
                    {
                        ["type"] = "object",
                        ["properties"] = new JsonObject
                        {
                            ["jsonrpc"] = new JsonObject { ["const"] = "2.0" },
                            ["id"] = new JsonObject { ["type"] = new JsonArray("string", "number", "null") },
                            ["method"] = new JsonObject { ["const"] = method.Name },
                            ["params"] = Reference($"params.{method.Name}"),
                        },
                        ["required"] = new JsonArray("jsonrpc", "method"),
                    }),
            ]),
        };

    private static JsonObject Export(
        string name,
        JsonTypeInfo shape,
        string text,
        XmlDocs docs,
        (string Name, string Value)? kind
    )
    {
        var node = shape
            .GetJsonSchemaAsNode(
                new JsonSchemaExporterOptions
                {
                    TreatNullObliviousAsNonNullable = true,
                    TransformSchemaNode = (context, schema) => Explain(context, schema, docs),
                }
            )
            .AsObject();
        Move(node, $"#/$defs/{name}");
        if (node["type"] is JsonArray or null)
        {
            node["type"] = "object"; // the root of an export counts as nullable
        }

        if (kind is { } discriminator)
        {
            var properties = node["properties"]?.AsObject().DeepClone().AsObject() ?? [];
            properties.Insert(0, discriminator.Name, new JsonObject { ["const"] = discriminator.Value });
            node["properties"] = properties;
            var required = node["required"]?.AsArray().DeepClone().AsArray() ?? [];
            required.Insert(0, discriminator.Name);
            node["required"] = required;
        }

        node.Remove("description");
        node.Insert(0, "description", text);
        return node;
    }

    private static JsonNode Explain(JsonSchemaExporterContext context, JsonNode schema, XmlDocs docs)
    {
        if (schema is JsonObject explained && context.PropertyInfo is { } property)
        {
            explained.Insert(0, "description", docs.Member(property.DeclaringType, property.Name));
        }

        return schema;
    }

    /// <summary>Lets references within an exported schema point to where it stands now.</summary>
    private static void Move(JsonNode? node, string place)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Move(item, place);
            }
        }
        else if (node is JsonObject members)
        {
            if (members["$ref"] is JsonValue reference)
            {
                members["$ref"] = place + reference.GetValue<string>()[1..];
            }

            foreach (var (_, value) in members.ToList())
            {
                Move(value, place);
            }
        }
    }

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/$defs/{name}" };

    private static JsonObject AnyOf(IEnumerable<string> names) =>
        new() { ["anyOf"] = new JsonArray([.. names.Select(Reference)]) };
}
