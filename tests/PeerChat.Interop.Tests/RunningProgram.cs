using System.Diagnostics;
using System.Text;

namespace PeerChat.Interop.Tests;

/// <summary>A program as a process of its own, whose output can be waited for.</summary>
internal sealed class RunningProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120); // far above what anything takes; only a hang comes near it

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly SemaphoreSlim _news = new(0);

    /// <summary>Starts it.</summary>
    /// <param name="environment">Variables beside one's own.</param>
    /// <param name="input">What standard input says before it ends; null leaves it open.</param>
    /// <param name="command">The program and its arguments.</param>
    public RunningProgram(
        IReadOnlyDictionary<string, string> environment,
        string? input,
        params string[] command
    )
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (input is not null)
        {
            _process.StandardInput.Write(input);
            _process.StandardInput.Close();
        }
    }

    /// <summary>What it wrote to standard output so far.</summary>
    public string Output => Read(_output);

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors => Read(_errors);

    /// <summary>Gives it a line on standard input; false where it is there no more to take it.</summary>
    public bool TryWriteLine(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Waits until its output is as wanted.</summary>
    public void WaitUntil(Func<string, bool> isWanted, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!isWanted(Output) && !isWanted(Errors))
        {
            var left = Patience - clock.Elapsed;
            if (left <= TimeSpan.Zero || !_news.Wait(left))
            {
                throw new TimeoutException($"{what} did not come. Output:\n{Output}\nErrors:\n{Errors}");
            }
        }
    }

    /// <summary>Waits until something stands in its output or errors.</summary>
    public void WaitFor(string text) =>
        WaitUntil(all => all.Contains(text, StringComparison.Ordinal), $"'{text}'");

    /// <summary>Gives it a line of input.</summary>
    public void Type(string line)
    {
        _process.StandardInput.Write(line + "\n");
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for its end.</summary>
    public int WaitForExit()
    {
        if (!_process.WaitForExit(Patience))
        {
            throw new TimeoutException($"It did not end. Output:\n{Output}\nErrors:\n{Errors}");
        }

        _process.WaitForExit(); // the last lines
        return _process.ExitCode;
    }

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks it to end, as a service manager does.</summary>
    public int Terminate()
    {
        using var kill = Process.Start("kill", [$"{_process.Id}"]);
        kill.WaitForExit();
        return WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
        _news.Dispose();
    }

    private static string Read(StringBuilder from)
    {
        lock (from)
        {
            return from.ToString();
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

        try
        {
            _news.Release();
        }
        catch (ObjectDisposedException)
        {
            // The last line of a program that was killed.
        }
    }
}
