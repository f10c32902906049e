using System.Text;

namespace PeerChat.Tui.Commands;

/// <summary>A user unit for systemd that runs the node.</summary>
internal static class ServiceUnit
{
    /// <summary>The unit.</summary>
    /// <param name="arguments">The daemon's arguments.</param>
    public static string Text(IReadOnlyList<string> arguments) =>
        $"""
            # ~/.config/systemd/user/peerchat.service
            # systemctl --user enable --now peerchat; loginctl enable-linger keeps it running without a login
            [Unit]
            Description=PeerChat node
            Documentation=man:peerchat(1)
            After=network-online.target

            [Service]
            Type=simple
            ExecStart={CommandLine(arguments)}
            Restart=on-failure
            RestartSec=5
            # Ended by hand or taken over by another process: nothing to restart
            RestartPreventExitStatus={ExitCode.Usage} {ExitCode.OwnerGone}
            TimeoutStopSec=10
            UMask=0077
            NoNewPrivileges=yes
            LockPersonality=yes
            PrivateTmp=no
            ProtectSystem=strict
            ReadWritePaths=%h
            ProtectKernelTunables=yes
            ProtectKernelModules=yes
            ProtectKernelLogs=yes
            ProtectControlGroups=yes
            ProtectClock=yes
            ProtectHostname=yes
            RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
            RestrictNamespaces=yes
            RestrictRealtime=yes
            RestrictSUIDSGID=yes
            SystemCallArchitectures=native
            SystemCallFilter=@system-service
            CapabilityBoundingSet=

            [Install]
            WantedBy=default.target

            """.ReplaceLineEndings("\n");

    /// <summary>This program with arguments, as systemd reads a command.</summary>
    public static string CommandLine(IReadOnlyList<string> arguments)
    {
        var program = Environment.ProcessPath ?? "peerchat";
        List<string> command = [program];
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            command.Add(Path.Combine(AppContext.BaseDirectory, "peerchat.dll"));
        }

        return string.Join(' ', command.Concat(arguments).Select(Quote));
    }

    // systemd reads quotes, backslashes, percent signs and dollars
    private static string Quote(string word)
    {
        if (word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '=' or ':' or '@'))
        {
            return word;
        }

        var quoted = new StringBuilder("\"");
        foreach (var c in word)
        {
            quoted.Append(
                c switch
                {
                    '"' or '\\' => $"\\{c}",
                    '%' => "%%",
                    '$' => "$$",
                    _ => c.ToString(),
                }
            );
        }

        return quoted.Append('"').ToString();
    }
}
