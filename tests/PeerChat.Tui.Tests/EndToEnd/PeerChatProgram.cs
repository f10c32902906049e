using System.Diagnostics;
using System.Text;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>The built program as a process of its own, on loopback alone, with a home folder of its own.</summary>
internal sealed class PeerChatProgram : IDisposable
{
    /// <summary>Far above what anything takes on a busy machine; only a hang comes near it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private bool _isDisposed;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly SemaphoreSlim _lines = new(0);

    private PeerChatProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Take(_errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The published program that the tests are to start; null for the one beside them, which the runtime runs.</summary>
    public static string? Published { get; } =
        System.Environment.GetEnvironmentVariable("PEERCHAT_TEST_PROGRAM") is { Length: > 0 } path
            ? Path.GetFullPath(path)
            : null;

    /// <summary>How the program is started: its file, or the runtime and the assembly that it runs.</summary>
    public static IReadOnlyList<string> Command { get; } =
        Published is null ? ["dotnet", Path.Combine(AppContext.BaseDirectory, "peerchat.dll")] : [Published];

    /// <summary>The same as a shell reads it.</summary>
    public static string ShellCommand { get; } = string.Join(' ', Command.Select(word => $"'{word}'"));

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>What it wrote to standard output so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>The environment in which every test runs the program.</summary>
    public static Dictionary<string, string> Environment(string home) =>
        new(StringComparer.Ordinal)
        {
            ["PEERCHAT_HOME"] = home,
            ["PEERCHAT_INTERFACES"] = "loopback",
            ["DOTNET_NOLOGO"] = "1",
            ["LC_ALL"] = "C.UTF-8", // whatever whoever runs the tests speaks
        };

    /// <summary>Starts it.</summary>
    public static PeerChatProgram Start(string home, params string[] arguments) =>
        Start(home, null, arguments);

    /// <summary>Starts it with standard input that ends after the given text; null leaves it open.</summary>
    public static PeerChatProgram Start(string home, string? input, string[] arguments) =>
        StartOther(home, input, Command[0], [.. Command.Skip(1), .. arguments]);

    /// <summary>Starts another program, such as a shell that runs ours, in the same environment.</summary>
    public static PeerChatProgram StartOther(
        string home,
        string? input,
        string file,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo(file)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in Environment(home))
        {
            start.Environment[name] = value;
        }

        var program = new PeerChatProgram(new Process { StartInfo = start });
        if (input is not null)
        {
            program._process.StandardInput.Write(input);
            program._process.StandardInput.Close();
        }

        return program;
    }

    /// <summary>Runs it to its end.</summary>
    public static (int Code, string Output, string Errors) Run(string home, params string[] arguments)
    {
        using var program = Start(home, "", arguments);
        var code = program.WaitForExit();
        return (code, program.Output, program.Errors);
    }

    /// <summary>Waits until something holds that processes of their own look for, which is why nothing spins.</summary>
    public static void WaitUntil(Func<bool> look, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!look())
        {
            if (clock.Elapsed > Patience)
            {
                throw new TimeoutException($"{what} did not come.");
            }
        }
    }

    /// <summary>Types a line into standard input.</summary>
    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Ends standard input.</summary>
    public void EndInput() => _process.StandardInput.Close();

    /// <summary>Waits until something stands in standard output.</summary>
    public void WaitForOutput(string text) =>
        WaitFor(() => Output.Contains(text, StringComparison.Ordinal), text);

    /// <summary>Waits until something stands in standard error.</summary>
    public void WaitForErrors(string text) =>
        WaitFor(() => Errors.Contains(text, StringComparison.Ordinal), text);

    /// <summary>Waits for its end.</summary>
    public int WaitForExit()
    {
        if (!_process.WaitForExit(Patience))
        {
            throw new TimeoutException($"The program did not end. Output:\n{Output}\nErrors:\n{Errors}");
        }

        _process.WaitForExit(); // the last lines
        return _process.ExitCode;
    }

    /// <summary>Waits for its end, but only so long.</summary>
    public bool WaitForExit(TimeSpan atMost) => _process.WaitForExit(atMost);

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
        _lines.Dispose();
    }

    /// <summary>Waits until something holds of its output.</summary>
    public void WaitFor(Func<bool> holds, string text)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            var left = Patience - clock.Elapsed;
            if (left <= TimeSpan.Zero || !_lines.Wait(left))
            {
                throw new TimeoutException($"'{text}' did not come. Output:\n{Output}\nErrors:\n{Errors}");
            }
        }
    }

    private void Take(StringBuilder into, string? line)
    {
        if (line is not null)
        {
            lock (into)
            {
                into.Append(line).Append('\n');
            }
        }

        _lines.Release();
    }
}
