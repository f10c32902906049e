namespace PeerChat.Tui.Commands;

/// <summary>A system unit for systemd that runs the PeerServer.</summary>
internal static class ServerUnit
{
    /// <summary>The unit.</summary>
    /// <param name="arguments">The server's arguments.</param>
    public static string Text(IReadOnlyList<string> arguments) =>
        $"""
            # /etc/systemd/system/peerchat-server.service
            # systemctl enable --now peerchat-server
            [Unit]
            Description=PeerChat PeerServer
            Documentation=man:peerchat(1)
            After=network-online.target
            Wants=network-online.target

            [Service]
            Type=exec
            ExecStart={ServiceUnit.CommandLine(arguments)}
            Restart=on-failure
            RestartSec=5
            # Wrong options do not become right by another try
            RestartPreventExitStatus={ExitCode.Usage}
            TimeoutStopSec=15
            # A user of its own for as long as it runs; it must be able to read the certificate: see Group= or LoadCredential=
            DynamicUser=yes
            AmbientCapabilities=CAP_NET_BIND_SERVICE
            CapabilityBoundingSet=CAP_NET_BIND_SERVICE
            LimitNOFILE=65536
            NoNewPrivileges=yes
            LockPersonality=yes
            PrivateDevices=yes
            PrivateTmp=yes
            ProtectSystem=strict
            ProtectHome=read-only
            ProtectKernelTunables=yes
            ProtectKernelModules=yes
            ProtectKernelLogs=yes
            ProtectControlGroups=yes
            ProtectClock=yes
            ProtectHostname=yes
            RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
            RestrictNamespaces=yes
            RestrictRealtime=yes
            RestrictSUIDSGID=yes
            SystemCallArchitectures=native
            SystemCallFilter=@system-service

            [Install]
            WantedBy=multi-user.target

            """.ReplaceLineEndings("\n");
}
