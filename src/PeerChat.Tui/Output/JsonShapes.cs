using System.Text.Json.Serialization;
using PeerChat.Tui.Settings;

namespace PeerChat.Tui.Output;

/// <summary>The shapes that are written, for the serialiser made at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JsonMessage))]
[JsonSerializable(typeof(JsonRequest))]
[JsonSerializable(typeof(JsonNotice))]
[JsonSerializable(typeof(JsonIdentity))]
[JsonSerializable(typeof(JsonProtection))]
[JsonSerializable(typeof(JsonDone))]
[JsonSerializable(typeof(JsonRepair))]
[JsonSerializable(typeof(JsonExport))]
[JsonSerializable(typeof(JsonExportEnd))]
[JsonSerializable(typeof(JsonExported))]
[JsonSerializable(typeof(JsonImported))]
[JsonSerializable(typeof(JsonBundle))]
[JsonSerializable(typeof(JsonBundleTaken))]
[JsonSerializable(typeof(JsonRetention))]
[JsonSerializable(typeof(JsonBackup))]
[JsonSerializable(typeof(JsonRestored))]
[JsonSerializable(typeof(SettingJson))]
[JsonSerializable(typeof(JsonChat))]
[JsonSerializable(typeof(JsonContact))]
[JsonSerializable(typeof(JsonSafety))]
[JsonSerializable(typeof(JsonPresence))]
[JsonSerializable(typeof(JsonStatus))]
[JsonSerializable(typeof(JsonFile))]
[JsonSerializable(typeof(JsonTransfer))]
[JsonSerializable(typeof(JsonInvitation))]
[JsonSerializable(typeof(JsonRoomMember))]
[JsonSerializable(typeof(JsonCode))]
[JsonSerializable(typeof(JsonCheck))]
internal sealed partial class JsonShapes : JsonSerializerContext;
