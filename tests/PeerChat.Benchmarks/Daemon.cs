using System.Diagnostics;

namespace PeerChat.Benchmarks;

/// <summary><c>peerchat daemon</c> on a profile of its own, and connections to its control socket.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ControlSocket _control;

    private Daemon(Process process, string user, string home) =>
        (_process, User, Home, _control) = (process, user, home, new ControlSocket(process, home));

    /// <summary>Who runs it.</summary>
    public string User { get; }

    /// <summary>The folder with the profile.</summary>
    public string Home { get; }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>Starts one, which lets everybody in, and waits until it can be connected to.</summary>
    public static async Task<Daemon> StartAsync(ChatOptions options, Scratch scratch, string name = "dora")
    {
        var (user, home) = (Names.Of(name), scratch.Fresh("daemon"));
        var process = ProgramRun.Start(
            options.Program,
            home,
            "daemon",
            "--user",
            user,
            "--accept-any",
            "--profile",
            home
        );
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var daemon = new Daemon(process, user, home);
        await daemon._control.WaitAsync();
        return daemon;
    }

    /// <summary>Connects.</summary>
    public Task<RpcConnection> ConnectAsync() => _control.ConnectAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ProgramRun.EndAsync(_process);
        _process.Dispose();
    }
}
