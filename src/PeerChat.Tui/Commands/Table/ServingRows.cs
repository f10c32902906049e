namespace PeerChat.Tui.Commands.Table;

/// <summary>A PeerServer of one's own.</summary>
internal static class ServingRows
{
    /// <summary>The rows, in the order of the help.</summary>
    public static IReadOnlyList<CommandRow> All { get; } =
    [
        new("serve", CommandGroup.Running, "Run a PeerServer of your own, for PeerChat and PeerJS pages.")
        {
            TakesProfile = false,
            Help =
            [
                "It carries connection offers between people who name it with --peerserver; their messages do not pass it, and offers between "
                    + "PeerChats are sealed. It keeps nothing on disk. SIGTERM and Ctrl-C end it with a goodbye to everybody.",
                "Without --certificate it speaks plain WebSockets, which is right behind a reverse proxy on the same machine (--behind-proxy). "
                    + "Certificate and key are read again when their files change.",
                "It says a line for each event of interest on standard output; addresses stand in it only with --log-addresses. /health "
                    + "answers 'ok' for monitors. --unit prints a system unit for systemd.",
            ],
            Parameters =
            [
                new(
                    "--listen",
                    ParameterKind.Text,
                    "Where to listen (repeatable): an IP address, localhost or * for all, and a port; 0 for any free one."
                )
                {
                    Placeholder = "HOST:PORT",
                    Default = ServeCommand.UsualListen,
                    IsRepeatable = true,
                },
                new(
                    "--certificate",
                    ParameterKind.File,
                    "Speak TLS with this certificate and its chain (PEM)."
                ),
                new(
                    "--private-key",
                    ParameterKind.File,
                    "The certificate's private key (PEM); left out where the certificate's file holds it."
                ),
                new("--path", ParameterKind.Text, "The path below which it is found, such as /chat/.")
                {
                    Default = "/",
                },
                new(
                    "--peerjs-key",
                    ParameterKind.Text,
                    "The key that clients have to name: no secret, but it keeps chance visitors out."
                )
                {
                    Default = "peerjs",
                },
                new("--max-users", ParameterKind.Number, "How many ids may be there at once.")
                {
                    Default = "5000",
                    Maximum = 100_000,
                },
                new(
                    "--max-per-address",
                    ParameterKind.Number,
                    "How many ids one address may hold (IPv6: one /64); a node needs up to 17."
                )
                {
                    Default = "200",
                    Maximum = 100_000,
                },
                new("--max-message", ParameterKind.Number, "The longest message, in KiB.")
                {
                    Placeholder = "KIB",
                    Default = "64",
                    Minimum = 8,
                    Maximum = 1024,
                },
                new(
                    "--max-rate",
                    ParameterKind.Number,
                    "Messages a second of one id; ten seconds' worth may come at once."
                )
                {
                    Default = "20",
                    Maximum = 10_000,
                },
                new(
                    "--metrics",
                    ParameterKind.Number,
                    "Show figures for Prometheus at http://127.0.0.1:PORT/metrics, for this machine alone."
                )
                {
                    Placeholder = "PORT",
                    Minimum = 0,
                    Maximum = ushort.MaxValue,
                },
                new(
                    "--behind-proxy",
                    ParameterKind.Flag,
                    "Count by the address that a reverse proxy on this machine names in X-Forwarded-For."
                ),
                new("--log-addresses", ParameterKind.Flag, "Name addresses in the lines about refusals."),
                SharedParameters.Json,
                new("--unit", ParameterKind.Flag, "Print a systemd system unit with these options.")
                {
                    IsAction = true,
                },
            ],
            Examples =
            [
                new("peerchat serve", "Try it on this machine: --peerserver ws://127.0.0.1:9000/"),
                new(
                    "peerchat serve --listen '*:443' --certificate chain.pem --private-key key.pem",
                    "For everybody, with TLS."
                ),
            ],
            ExitCodes = [ExitCode.Done, ExitCode.Usage, ExitCode.Storage],
            Run = ServeCommand.RunAsync,
        },
    ];
}
