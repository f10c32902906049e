using System.Globalization;
using PeerChat.Node;
using PeerChat.Node.Profiles;
using PeerChat.Terminal.Host;
using PeerChat.Tui.Commands.Options;
using PeerChat.Tui.Commands.Table;

namespace PeerChat.Tui.Commands;

/// <summary>A command as it was called: its row and the values of its parameters.</summary>
/// <param name="row">The command.</param>
/// <param name="resolver">Where the values come from.</param>
internal sealed class Call(CommandRow row, OptionResolver resolver)
{
    /// <summary>The command.</summary>
    public CommandRow Row { get; } = row;

    /// <summary>Where its values come from.</summary>
    public OptionResolver Options => resolver;

    /// <summary>Whether a flag is set.</summary>
    public bool Flag(string name) => Text(name) is { } text && ConfigType.ParseYesNo(text) == true;

    /// <summary>A text; null for none.</summary>
    public string? Text(string name) => Value(name).Single;

    /// <summary>A number; null for none.</summary>
    public int? Number(string name) =>
        Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>A duration; null for none.</summary>
    public TimeSpan? Time(string name) => Text(name) is { } text ? Timeouts.Parse(text) : null;

    /// <summary>All values of what may be repeated.</summary>
    public IReadOnlyList<string> List(string name) => Value(name).Values;

    /// <summary>The value with its source.</summary>
    /// <exception cref="InvalidOperationException">The command has no such parameter.</exception>
    public OptionValue Value(string name) =>
        resolver.Resolve(
            Row,
            Row.AllParameters.FirstOrDefault(parameter => parameter.Name == name)
                ?? throw new InvalidOperationException($"{Row.Name} takes no {name}.")
        );

    /// <summary>
    /// Two parameters of which only one can be: what the command line says puts aside what the environment or the configuration
    /// says of the other.
    /// </summary>
    /// <exception cref="UsageException">Both are said in the same place.</exception>
    public (string? First, string? Second) OneOf(string first, string second, string problem)
    {
        var (one, other) = (Value(first), Value(second));
        if (one.Single is null || other.Single is null)
        {
            return (one.Single, other.Single);
        }

        return one.Source == other.Source ? throw new UsageException(problem)
            : one.Source > other.Source ? (one.Single, null)
            : (null, other.Single);
    }

    /// <summary>What a node is started with, as far as the options of all commands say.</summary>
    public NodeOptions ToNodeOptions() =>
        new()
        {
            InsistsOnInterfaces = Value("--interface").Source == OptionSource.CommandLine,
            InsistsOnPort = Value("--port").Source == OptionSource.CommandLine,
            OnDifference = PeerChatCommandLine.Say,
            User = Text("--user"),
            ProfileDirectory = Text("--profile"),
            // What shells run unseen asks nobody
            Passphrase = new PassphraseSource(
                Text("--passphrase-file"),
                Row.IsHidden ? _ => null : SecretLine.Ask
            ),
            Interfaces = List("--interface"),
            Port = Number("--port"),
            Stun = List("--stun"),
            Turn = List("--turn"),
            TurnCommand = Text("--turn-command"),
            TurnAuthority = Text("--turn-ca") is { } file ? Path.GetFullPath(file) : null,
            RelayOnly = Flag("--relay-only"),
            RelaysForMembers = !Flag("--no-relaying"),
            MapsPorts = !Flag("--no-port-mapping"),
            HideAddresses = Flag("--hide-addresses"),
            Transfers = new TransferOptions
            {
                UploadLimit = (Number("--upload-limit") ?? 0) * 1024L,
                DownloadLimit = (Number("--download-limit") ?? 0) * 1024L,
                Quota = Number("--file-quota") is { } quota
                    ? quota * 1024L * 1024
                    : TransferOptions.DefaultQuota,
                AutoFetch = AutoFetchWords.ValueOf(Text("--auto-fetch")) ?? Node.AutoFetch.Pictures,
            },
            RoomQuota = Number("--room-quota") is { } kept
                ? kept * 1024L * 1024
                : NodeOptions.DefaultRoomQuota,
            LanOnly = Flag("--lan"),
            Rungs = Text("--rungs"),
            PeerServers = List("--peerserver"),
            Trackers = List("--tracker"),
            LooksBeyondTheLan = Flag("--public"),
            AllowsGuests = Flag("--allow-guests"),
            // Other commands have said on standard error what the file has wrong
            ConfigKeys = Row.IsRoot ? static () => ConfigurationKeys.All : null,
        };
}
