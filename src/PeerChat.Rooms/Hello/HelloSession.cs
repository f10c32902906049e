using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Hello;

/// <summary>The first frames on a new connection: both sides prove the secret of the context, then who they are (SIGMA).</summary>
/// <remarks>
/// <para>
/// Made when both DTLS Finished messages were verified. HELLO goes out at once from both sides. When the peer's knock holds,
/// AUTH follows: at once from both (contact, room, open room), or one after the other (invitation: inviter first;
/// stranger: dialler first, the acceptor only after <see cref="Accept"/>). No byte of an identity leaves before the peer's knock
/// held. After each call take frames, then events; <see cref="HelloEvent.Authenticated"/> or
/// <see cref="HelloEvent.Failed"/> comes once, last.
/// </para>
/// <para>Frames arrive in order and whole, as an ordered, reliable data channel gives them.</para>
/// </remarks>
public sealed class HelloSession
{
    /// <summary>
    /// Time for the whole hello: four flights on a bad path with losses (guess). A request that waits for a user has no limit
    /// here; whoever owns the connection bounds how many wait.
    /// </summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private readonly HelloParameters _parameters;
    private readonly byte[] _ownHello;
    private readonly Queue<byte[]> _frames = new();
    private readonly Queue<HelloEvent> _events = new();
    private State _state = new State.AwaitingHello();

    /// <summary>Starts a hello.</summary>
    /// <exception cref="ArgumentException">The parameters do not fit the context.</exception>
    public HelloSession(Instant now, HelloParameters parameters)
    {
        if (parameters.FindProblem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(parameters));
        }

        _parameters = parameters;
        var knock = Knock.Compute(parameters.KnockKey.Span, parameters.Channel.OwnRole, parameters.Channel);
        _ownHello = new HelloFrame(parameters.Versions, parameters.Context, knock).ToArray();
        _frames.Enqueue(_ownHello);
        NextDeadline = now + Timeout;
    }

    /// <summary>When to call <see cref="HandleDeadline"/>.</summary>
    public Instant? NextDeadline { get; private set; }

    /// <summary>Whether a stranger's request waits for <see cref="Accept"/> or <see cref="Decline"/>.</summary>
    public bool IsRequestPending => _state is State.AwaitingDecision;

    /// <summary>Whether the hello ended, well or badly.</summary>
    public bool IsFinished => _state is State.Ended;

    /// <summary>Takes a frame from the peer. A failed hello ignores it.</summary>
    /// <exception cref="InvalidOperationException">The hello ended well: the frame belongs to what follows it.</exception>
    public void HandleFrame(Instant now, ReadOnlySpan<byte> frame)
    {
        HandleDeadline(now);
        switch (_state)
        {
            case State.AwaitingHello:
                HandleHello(frame);
                break;
            case State.AwaitingAuth state:
                HandleAuth(state, frame);
                break;
            case State.AwaitingDecision:
                Fail(HelloFailure.UnexpectedFrame, "The peer sent a frame while its request was waiting.");
                break;
            case State.Ended { Well: true }:
                throw new InvalidOperationException("The hello has ended.");
        }
    }

    /// <summary>Fails the hello when its time is over.</summary>
    public void HandleDeadline(Instant now)
    {
        if (NextDeadline is { } deadline && deadline <= now)
        {
            Fail(HelloFailure.TimedOut, $"The hello did not end within {Timeout.TotalSeconds} seconds.");
        }
    }

    /// <summary>Tells that the connection closed. Nothing happens after the end of the hello.</summary>
    public void HandleClosed()
    {
        if (_state is State.AwaitingAuth && IsStrangerDialler)
        {
            Fail(HelloFailure.RequestNotAccepted, "The peer did not accept the request.");
        }
        else if (!IsFinished)
        {
            Fail(HelloFailure.Closed, "The connection closed before the hello ended.");
        }
    }

    /// <summary>Accepts a stranger's request: our identity goes out now.</summary>
    /// <exception cref="InvalidOperationException">No request is pending.</exception>
    public void Accept()
    {
        var state = PendingRequest();
        SendAuth(state.Transcript, state.Peer.PeerId);
        Succeed(state.Peer, state.Name, state.Agreed);
    }

    /// <summary>Declines a stranger's request: it never learns who we are.</summary>
    /// <exception cref="InvalidOperationException">No request is pending.</exception>
    public void Decline()
    {
        _ = PendingRequest();
        Fail(HelloFailure.Declined, "The request was declined.");
    }

    /// <summary>Takes the next frame to send.</summary>
    public bool TryTakeFrame([NotNullWhen(true)] out byte[]? frame) => _frames.TryDequeue(out frame);

    /// <summary>Takes the next event.</summary>
    public bool TryTakeEvent([NotNullWhen(true)] out HelloEvent? helloEvent) =>
        _events.TryDequeue(out helloEvent);

    private abstract record State
    {
        /// <summary>Our HELLO is out, the peer's is not in.</summary>
        internal sealed record AwaitingHello : State;

        /// <summary>The peer's knock held.</summary>
        internal sealed record AwaitingAuth(AuthTranscript Transcript, Agreement Agreed) : State;

        /// <summary>A stranger is known, the user is asked.</summary>
        internal sealed record AwaitingDecision(
            AuthTranscript Transcript,
            Agreement Agreed,
            PublicIdentity Peer,
            DisplayName Name
        ) : State;

        /// <summary>The last event is out.</summary>
        internal sealed record Ended(bool Well) : State;
    }

    private readonly record struct Agreement(ushort Version, ulong Features);

    private bool IsStrangerDialler => _parameters is { Context: HelloContext.Stranger, IsDialler: true };

    /// <summary>Whether our AUTH waits for the peer's.</summary>
    private bool SpeaksSecond =>
        _parameters.Context switch
        {
            HelloContext.Invitation => _parameters.IsDialler,
            HelloContext.Stranger => !_parameters.IsDialler,
            _ => false,
        };

    private void HandleHello(ReadOnlySpan<byte> bytes)
    {
        var own = _parameters.Versions;
        if (!HelloFrame.TryParse(bytes, out var hello))
        {
            Fail(HelloFailure.MalformedHello, "The first frame is not a hello of this protocol.");
            return;
        }

        if (hello.Context != _parameters.Context)
        {
            Fail(
                HelloFailure.ContextMismatch,
                $"The peer came as {hello.Context}, not as {_parameters.Context}."
            );
            return;
        }

        var channel = _parameters.Channel;
        var expected = Knock.Compute(_parameters.KnockKey.Span, channel.PeerRole, channel);
        if (!Knock.Matches(hello.KnockValue, expected))
        {
            Fail(
                HelloFailure.WrongKnock,
                "The peer does not know the secret of this contact, room or invitation."
            );
            return;
        }

        var version = Math.Min(own.Max, hello.Versions.Max);
        if (version < own.Min)
        {
            Fail(HelloFailure.PeerTooOld, $"The peer speaks up to version {version}, we need {own.Min}.");
            return;
        }

        if (version < hello.Versions.Min)
        {
            Fail(
                HelloFailure.PeerTooNew,
                $"The peer needs version {hello.Versions.Min}, we speak up to {version}."
            );
            return;
        }

        var transcript = new AuthTranscript(channel, _ownHello, bytes);
        _state = new State.AwaitingAuth(
            transcript,
            new Agreement(version, own.Features & hello.Versions.Features)
        );
        if (!SpeaksSecond)
        {
            SendAuth(transcript, _parameters.Expected ?? default);
        }

        if (IsStrangerDialler)
        {
            NextDeadline = null; // the peer's user is being asked
        }
    }

    // A copy of this profile means whom we mean, us, or nobody; an echo has nobody's signature over the other role.
    private bool IsSignedBySelf(AuthTranscript transcript, PublicIdentity self, AuthFrame auth) =>
        self.VerifyAuth(
            transcript.PeerMessage(self.PeerId, _parameters.Expected ?? default, auth.Name),
            auth.Signature
        )
        || self.VerifyAuth(transcript.PeerMessage(self.PeerId, self.PeerId, auth.Name), auth.Signature)
        || self.VerifyAuth(transcript.PeerMessage(self.PeerId, default, auth.Name), auth.Signature);

    private void HandleAuth(State.AwaitingAuth state, ReadOnlySpan<byte> bytes)
    {
        if (!AuthFrame.TryParse(bytes, out var auth))
        {
            Fail(HelloFailure.MalformedAuth, "The second frame has missing or trailing bytes.");
            return;
        }

        if (!PublicIdentity.TryParse(auth.Keys, out var peer))
        {
            Fail(HelloFailure.InvalidKey, "The peer's keys are not two different points of the curve.");
            return;
        }

        var ownId = _parameters.Identity.PeerId;
        if (peer.PeerId == ownId)
        {
            var isCopy = IsSignedBySelf(state.Transcript, peer, auth);
            Fail(
                isCopy ? HelloFailure.OwnCopy : HelloFailure.OwnIdentity,
                isCopy
                    ? "The other side has proven our own identity: a copy of this profile runs there."
                    : "The peer shows our own identity: an echo."
            );
            return;
        }

        // The one meant is not on the wire, so that a misdirected call does not tell whom it was for.
        if (
            !peer.VerifyAuth(state.Transcript.PeerMessage(peer.PeerId, ownId, auth.Name), auth.Signature)
            && !peer.VerifyAuth(state.Transcript.PeerMessage(peer.PeerId, default, auth.Name), auth.Signature)
        )
        {
            Fail(
                HelloFailure.InvalidSignature,
                "The peer's signature is for another connection, an altered hello, or meant for somebody else."
            );
            return;
        }

        if (_parameters.Expected is { } expected && expected != peer.PeerId)
        {
            Fail(HelloFailure.OtherIdentity, "Somebody else answered than the one dialled.", peer);
            return;
        }

        if (!DisplayName.TryParse(auth.Name, out var name, out var error))
        {
            Fail(HelloFailure.InvalidName, DisplayName.Explain(error));
            return;
        }

        if (_parameters is { Context: HelloContext.Stranger, IsDialler: false })
        {
            NextDeadline = null; // our user is being asked
            _state = new State.AwaitingDecision(state.Transcript, state.Agreed, peer, name);
            _events.Enqueue(new HelloEvent.RequestReceived(peer, name));
            return;
        }

        if (SpeaksSecond)
        {
            SendAuth(state.Transcript, peer.PeerId);
        }

        Succeed(peer, name, state.Agreed);
    }

    /// <summary>Signs and queues AUTH; who speaks second names the identity that has just been proved.</summary>
    private void SendAuth(AuthTranscript transcript, PeerId meant)
    {
        var identity = _parameters.Identity;
        var message = transcript.OwnMessage(identity.PeerId, meant, _parameters.Name.ToUtf8());
        _frames.Enqueue(AuthFrame.Write(identity.Public, _parameters.Name, identity.SignAuth(message)));
    }

    private State.AwaitingDecision PendingRequest() =>
        _state as State.AwaitingDecision
        ?? throw new InvalidOperationException("No request of a stranger is pending.");

    private void Succeed(PublicIdentity peer, DisplayName name, Agreement agreed)
    {
        End(well: true);
        _events.Enqueue(new HelloEvent.Authenticated(peer, name, agreed.Version, agreed.Features));
    }

    private void Fail(HelloFailure reason, string sentence, PublicIdentity? peer = null)
    {
        End(well: false);
        _frames.Clear(); // what has not left stays here
        _events.Enqueue(new HelloEvent.Failed(reason, sentence, peer));
    }

    private void End(bool well)
    {
        _state = new State.Ended(well);
        NextDeadline = null;
    }
}
