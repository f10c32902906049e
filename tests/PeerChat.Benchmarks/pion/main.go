// One side of a measured pair over pion; the lines are those of StackPeer.cs.
// Built from Debian's packaged sources: GO111MODULE=off GOPATH=/usr/share/gocode go build
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pion/datachannel"
	"github.com/pion/webrtc" // version 3
)

const (
	high = 1 << 20
	low  = 1 << 18

	maxMessage = 262144
)

type signal struct {
	Type      string `json:"type,omitempty"`
	Sdp       string `json:"sdp,omitempty"`
	Candidate string `json:"candidate,omitempty"`
	Mid       string `json:"mid,omitempty"`
	Index     uint16 `json:"index"`
}

var (
	output     sync.Mutex
	connection *webrtc.PeerConnection
	channel    *webrtc.DataChannel
	stream     datachannel.ReadWriteCloser
	waiting    []signal
	described  bool
	received   int
	pong       chan struct{}
	isPinging  bool
	text       = make(chan string, 1)
	lowAgain   chan struct{}
)

func say(format string, values ...interface{}) {
	output.Lock()
	defer output.Unlock()
	fmt.Printf(format+"\n", values...)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func saySignal(s signal) {
	bytes, err := json.Marshal(s)
	must(err)
	say("signal %s", bytes)
}

func adopt(opened *webrtc.DataChannel) {
	opened.SetBufferedAmountLowThreshold(low)
	opened.OnBufferedAmountLow(func() {
		select {
		case lowAgain <- struct{}{}:
		default:
		}
	})
	opened.OnOpen(func() {
		raw, err := opened.Detach()
		must(err)
		channel, stream = opened, raw
		go read(raw)
		say("open")
	})
}

// read takes what comes; without Detach pion ends a channel at messages of 65,535 bytes.
func read(from datachannel.ReadWriteCloser) {
	buffer := make([]byte, maxMessage)
	for {
		n, isText, err := from.ReadDataChannel(buffer)
		switch {
		case err != nil:
			return
		case isText && string(buffer[:n]) == "end":
			send([]byte(fmt.Sprintf("got %d", received)), true)
			received = 0
		case isText:
			text <- string(buffer[:n])
		case n != 64:
			received += n
		case isPinging:
			pong <- struct{}{}
		default:
			send(buffer[:n], false)
		}
	}
}

func send(message []byte, isText bool) {
	_, err := stream.WriteDataChannel(message, isText)
	must(err)
}

func create(isOfferer bool) {
	settings := webrtc.SettingEngine{}
	settings.DetachDataChannels()
	created, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	must(err)
	connection, waiting, described, received = created, nil, false, 0
	lowAgain = make(chan struct{}, 1)
	created.OnICECandidate(func(candidate *webrtc.ICECandidate) {
		if candidate != nil {
			init := candidate.ToJSON()
			saySignal(signal{Candidate: init.Candidate, Mid: *init.SDPMid, Index: *init.SDPMLineIndex})
		}
	})
	if !isOfferer {
		created.OnDataChannel(adopt)
		return
	}
	opened, err := created.CreateDataChannel("bench", nil)
	must(err)
	adopt(opened)
	offer, err := created.CreateOffer(nil)
	must(err)
	must(created.SetLocalDescription(offer))
	saySignal(signal{Type: "offer", Sdp: offer.SDP})
}

func add(s signal) {
	must(connection.AddICECandidate(webrtc.ICECandidateInit{Candidate: s.Candidate, SDPMid: &s.Mid, SDPMLineIndex: &s.Index}))
}

func handleSignal(s signal) {
	if s.Sdp == "" {
		if described {
			add(s)
		} else {
			waiting = append(waiting, s)
		}
		return
	}
	must(connection.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.NewSDPType(s.Type), SDP: s.Sdp}))
	described = true
	if s.Type == "offer" {
		answer, err := connection.CreateAnswer(nil)
		must(err)
		must(connection.SetLocalDescription(answer))
		saySignal(signal{Type: "answer", Sdp: answer.SDP})
	}
	for _, one := range waiting {
		add(one)
	}
	waiting = nil
}

func ping(count int) {
	message := make([]byte, 64)
	times := make([]float64, 0, count)
	pong, isPinging = make(chan struct{}), true
	for i := 0; i < count; i++ {
		from := time.Now()
		send(message, false)
		<-pong
		times = append(times, float64(time.Since(from).Nanoseconds())/1e3)
	}
	isPinging = false
	times = times[count/10:] // warm-up
	sort.Float64s(times)
	say("rtt %.1f %.1f", times[len(times)/2], times[int(float64(len(times))*0.99)])
}

func bulk(size int, total int64, seconds float64) {
	message := make([]byte, size)
	from := time.Now()
	until := from.Add(time.Duration(seconds * float64(time.Second)))
	for sent := int64(0); sent < total && time.Now().Before(until); {
		for sent < total && channel.BufferedAmount() <= high {
			send(message, false)
			sent += int64(size)
		}
		for channel.BufferedAmount() > low && sent < total {
			select {
			case <-lowAgain:
			case <-time.After(time.Millisecond): // it was low before we looked
			}
		}
	}
	send([]byte("end"), true)
	got := strings.Fields(<-text)[1]
	say("bulk %s %f", got, time.Since(from).Seconds())
}

func main() {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<20)
	for input.Scan() {
		words := strings.SplitN(input.Text(), " ", 2)
		switch words[0] {
		case "create":
			create(words[1] == "offer")
		case "signal":
			var s signal
			must(json.Unmarshal([]byte(words[1]), &s))
			handleSignal(s)
		case "ping":
			count, err := strconv.Atoi(words[1])
			must(err)
			go ping(count)
		case "bulk":
			var size int
			var total int64
			var seconds float64
			_, err := fmt.Sscan(words[1], &size, &total, &seconds)
			must(err)
			go bulk(size, total, seconds)
		case "close":
			must(connection.Close())
			say("closed")
		}
	}
}
