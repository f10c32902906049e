using System.Text;
using System.Text.Json.Serialization.Metadata;
using PeerChat.Node.Control;

namespace PeerChat.Node.Tests.Documents;

/// <summary>The schema of the control protocol for people, made from the record types and their comments.</summary>
internal sealed class RpcReference
{
    private readonly XmlDocs _docs = new(Wire.Names);
    private readonly StringBuilder _text = new();

    private RpcReference() { }

    /// <summary>The whole reference in Markdown.</summary>
    public static string Markdown() => new RpcReference().Write();

    private string Write()
    {
        Heading(3, "Methods of the protocol");
        foreach (var method in Wire.Methods)
        {
            Heading(4, $"`{method.Name}`");
            Paragraph(_docs.Field(typeof(RpcMethod), method.Constant));
            Params(method.Params);
            Result(method.Result);
        }

        Heading(3, "Methods of the node");
        Paragraph(
            "Each result has a member `reply` with the name of the reply, and that reply's members. Each may be refused (error -32000)."
        );
        foreach (var (name, shape) in Wire.Commands)
        {
            Heading(4, $"`{name}`");
            Paragraph(_docs.Summary(shape.Type));
            Params(shape);
            var reply = Wire.Answers.GetValueOrDefault(shape.Type, typeof(NodeReply.Done));
            Paragraph($"Result: {LinkTo("reply", Wire.Names[reply.FullName!.Replace('+', '.')])}.");
        }

        Heading(3, "Replies");
        foreach (var (name, shape) in Wire.Replies.Where(one => one.Shape.Type != typeof(NodeReply.Refused)))
        {
            Heading(4, $"Reply `{name}`");
            Paragraph(_docs.Summary(shape.Type));
            Members(shape, "member");
        }

        Heading(3, "Events");
        Paragraph("Each has a member `event` with its name, and these members.");
        foreach (var (name, shape) in Wire.Events)
        {
            Heading(4, $"Event `{name}`");
            Paragraph(_docs.Summary(shape.Type));
            Members(shape, "member");
        }

        Heading(3, "Objects");
        foreach (var type in Wire.Values)
        {
            Heading(4, $"Object {type.Name}");
            Paragraph(_docs.Summary(type));
            Members(Wire.ShapeOf(type), "member");
        }

        Heading(3, "Words");
        foreach (var type in Wire.Enumerations)
        {
            Heading(4, $"Words {type.Name}");
            Paragraph(_docs.Summary(type));
            Table(
                ["word", "meaning"],
                Enum.GetValues(type)
                    .Cast<Enum>()
                    .Select(value => new[] { $"`{Wire.NameOf(value)}`", _docs.Field(type, value.ToString()) })
            );
        }

        return _text.ToString().Trim() + "\n";
    }

    private void Params(JsonTypeInfo shape)
    {
        if (shape.Properties.Count == 0)
        {
            Paragraph("Params: none.");
            return;
        }

        Members(shape, "param");
    }

    private void Result(JsonTypeInfo shape)
    {
        if (shape.Type == typeof(string[]))
        {
            Paragraph("Result: a list of texts.");
        }
        else if (shape.Properties.Count == 0)
        {
            Paragraph("Result: `{}`.");
        }
        else
        {
            Members(shape, "result");
        }
    }

    private void Members(JsonTypeInfo shape, string what)
    {
        if (shape.Properties.Count > 0)
        {
            var isInput = what == "param";
            Table(
                isInput ? [what, "type", "needed", "meaning"] : [what, "type", "meaning"],
                shape.Properties.Select(property =>
                {
                    string[] row =
                    [
                        $"`{property.Name}`",
                        Describe(property),
                        .. isInput
                            ? new[] { property.AssociatedParameter is { HasDefaultValue: true } ? "" : "yes" }
                            : [],
                        _docs.Member(shape.Type, property.Name),
                    ];
                    return row;
                })
            );
        }
    }

    private static string Describe(JsonPropertyInfo property)
    {
        var isNullable =
            Nullable.GetUnderlyingType(property.PropertyType) is not null
            || property.AssociatedParameter is { IsNullable: true };
        return Describe(property.PropertyType) + (isNullable ? " or null" : "");
    }

    private static string Describe(Type type) =>
        type.IsArray ? $"list of {Describe(type.GetElementType()!)}"
        : Nullable.GetUnderlyingType(type) is { } inner ? Describe(inner)
        : type == typeof(string) ? "text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) || type == typeof(ulong) ? "whole number"
        : type.IsEnum ? LinkTo("words", type.Name)
        : LinkTo("object", type.Name);

    private static string LinkTo(string kind, string name) => $"[{name}](#{kind}-{name.ToLowerInvariant()})";

    private void Heading(int level, string title) =>
        _text.Append('\n').Append('#', level).Append(' ').Append(title).Append('\n');

    private void Paragraph(string text) => _text.Append('\n').Append(text).Append('\n');

    private void Table(string[] heading, IEnumerable<string[]> rows)
    {
        _text.Append('\n');
        foreach (var row in new[] { heading, [.. heading.Select(_ => "---")] }.Concat(rows))
        {
            _text.Append("| ").AppendJoin(" | ", row.Select(cell => cell.Replace("|", "\\|"))).Append(" |\n");
        }
    }
}
