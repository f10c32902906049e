using System.Globalization;
using PeerChat.Node;

namespace PeerChat.Tui.Commands;

/// <summary>The command line of a daemon that runs a node as these options say.</summary>
internal static class DaemonArguments
{
    /// <summary>The option by which a daemon knows that it was started to outlive its terminal.</summary>
    public const string InBackground = "--in-background";

    private const string TurnVariable = "PEERCHAT_TURN";
    private const string TurnCommandVariable = "PEERCHAT_TURN_COMMAND";

    /// <summary>What is handed over by environment variables, as it may hold passwords: command lines are for all users of a machine to read.</summary>
    public static IEnumerable<(string Variable, string Value)> SecretsOf(NodeOptions options)
    {
        if (options.Turn.Count > 0)
        {
            var servers = options.Turn.Select(server => server.Replace(",", "%2C", StringComparison.Ordinal));
            yield return (TurnVariable, string.Join(',', servers));
        }

        if (options.TurnCommand is { } command)
        {
            yield return (TurnCommandVariable, command);
        }
    }

    /// <summary>The arguments, the verb first. Paths are absolute, because a daemon changes its folder.</summary>
    public static IReadOnlyList<string> Of(NodeOptions options)
    {
        var arguments = new List<string> { "daemon" };
        if (options.User is { } user)
        {
            arguments.AddRange(["--user", user]);
        }

        if (options.ProfileDirectory is { } profile)
        {
            arguments.AddRange(["--profile", Path.GetFullPath(profile)]);
        }

        if (options.Passphrase is PassphraseSource { Path: { } passphrase })
        {
            arguments.AddRange(["--passphrase-file", passphrase]);
        }

        foreach (var name in options.Interfaces)
        {
            arguments.AddRange(["--interface", name]);
        }

        if (options.Port is { } port)
        {
            arguments.AddRange(["--port", port.ToString(CultureInfo.InvariantCulture)]);
        }

        foreach (var server in options.Stun)
        {
            arguments.AddRange(["--stun", server]);
        }

        if (options.TurnAuthority is { } authority)
        {
            arguments.AddRange(["--turn-ca", authority]);
        }

        if (options.RelayOnly)
        {
            arguments.Add("--relay-only");
        }

        if (!options.RelaysForMembers)
        {
            arguments.Add("--no-relaying");
        }

        if (!options.MapsPorts)
        {
            arguments.Add("--no-port-mapping");
        }

        if (options.HideAddresses)
        {
            arguments.Add("--hide-addresses");
        }

        AddLimits(arguments, options);
        if (options.LanOnly)
        {
            arguments.Add("--lan");
        }

        if (options.LooksBeyondTheLan)
        {
            arguments.Add("--public");
        }

        if (options.AllowsGuests)
        {
            arguments.Add("--allow-guests");
        }

        if (options.Rungs is { } rungs)
        {
            arguments.AddRange(["--rungs", rungs]);
        }

        foreach (var url in options.PeerServers)
        {
            arguments.AddRange(["--peerserver", url]);
        }

        foreach (var url in options.Trackers)
        {
            arguments.AddRange(["--tracker", url]);
        }

        foreach (var who in options.Accept)
        {
            arguments.AddRange(["--accept", who]);
        }

        if (options.AcceptAny)
        {
            arguments.Add("--accept-any");
        }

        return arguments;
    }

    private static void AddLimits(List<string> arguments, NodeOptions options)
    {
        var transfers = options.Transfers;
        Add("--upload-limit", transfers.UploadLimit / 1024);
        Add("--download-limit", transfers.DownloadLimit / 1024);
        if (transfers.Quota != TransferOptions.DefaultQuota)
        {
            Add("--file-quota", transfers.Quota / 1024 / 1024);
        }

        if (transfers.AutoFetch != AutoFetch.Pictures)
        {
            arguments.AddRange(["--auto-fetch", AutoFetchWords.Of(transfers.AutoFetch)]);
        }

        if (options.RoomQuota != NodeOptions.DefaultRoomQuota)
        {
            Add("--room-quota", options.RoomQuota / 1024 / 1024);
        }

        void Add(string name, long value)
        {
            if (value > 0)
            {
                arguments.AddRange([name, value.ToString(CultureInfo.InvariantCulture)]);
            }
        }
    }
}
