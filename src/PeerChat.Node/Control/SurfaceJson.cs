using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace PeerChat.Node.Control;

/// <summary>How the surface is written as JSON: camelCase, enumerations in kebab-case, one line.</summary>
/// <remarks>
/// What a client sends is read strictly (<see cref="Strict"/>): nothing unknown, nothing missing, nothing twice. What a node says is read
/// with unknown members passed over (<see cref="Wire"/>), so that a newer node may say more than an older face knows.
/// </remarks>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(NodeCommand))]
[JsonSerializable(typeof(NodeEvent))]
[JsonSerializable(typeof(NodeReply))]
internal sealed partial class SurfaceJson : JsonSerializerContext
{
    /// <summary>How deep a value may nest; the deepest of ours has 4 levels, and a request adds 2.</summary>
    public const int MaxDepth = 16;

    /// <summary>Writes everything, and reads what a node says.</summary>
    public static SurfaceJson Wire { get; } = new(MakeOptions(strict: false));

    /// <summary>Reads what a client says.</summary>
    public static SurfaceJson Strict { get; } = new(MakeOptions(strict: true));

    /// <summary>The name of every command on the wire.</summary>
    public static FrozenDictionary<Type, string> CommandNames { get; } =
        Strict.NodeCommand.PolymorphismOptions!.DerivedTypes.ToFrozenDictionary(
            derived => derived.DerivedType,
            derived => (string)derived.TypeDiscriminator!
        );

    /// <summary>Every command by its name on the wire, read strictly and without a discriminator of its own.</summary>
    /// <remarks>Only for the process that runs the node: all their shapes take a while to build.</remarks>
    public static FrozenDictionary<string, JsonTypeInfo> Commands => Shapes.Value;

    private static readonly Lazy<FrozenDictionary<string, JsonTypeInfo>> Shapes = new(() =>
        CommandNames.ToFrozenDictionary(
            pair => pair.Value,
            pair => Strict.GetTypeInfo(pair.Key)!,
            StringComparer.Ordinal
        )
    );

    private static JsonSerializerOptions MakeOptions(bool strict) =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = strict
                ? JsonUnmappedMemberHandling.Disallow
                : JsonUnmappedMemberHandling.Skip,
            AllowDuplicateProperties = !strict,
            AllowOutOfOrderMetadataProperties = true,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            MaxDepth = MaxDepth,
            WriteIndented = false,
            // Japanese stays readable and short. Control characters, and so line breaks, are escaped all the same.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
}
