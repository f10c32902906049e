// The counterpart of peer.js over pion: one call a line on standard input, one result a line on standard output.
// Built from Debian's packaged sources: GO111MODULE=off GOPATH=/usr/share/gocode go build -o pion main.go
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/pion/datachannel"
	"github.com/pion/ice/v2"
	"github.com/pion/logging"
	"github.com/pion/webrtc" // version 3
)

const (
	patience   = 30 * time.Second // only a hang comes near it
	maxMessage = 262144
)

// channel is a data channel with everything that came on it. Its fields are under the peer's lock.
type channel struct {
	source   *webrtc.DataChannel
	stream   datachannel.ReadWriteCloser // once open
	messages []string
	isClosed bool
}

type peer struct {
	connection *webrtc.PeerConnection
	lock       sync.Mutex
	news       *sync.Cond
	channels   map[string]*channel
}

type call struct {
	Name   string            `json:"name"`
	Values []json.RawMessage `json:"values"`
}

var peers = map[string]*peer{}

func pattern(size int) []byte {
	bytes := make([]byte, size)
	for i := range bytes {
		bytes[i] = byte(i*31 + size + (i >> 8))
	}
	return bytes
}

func nameOf(bytes []byte, isText bool) string {
	if isText {
		return "text " + string(bytes)
	}
	if string(bytes) == string(pattern(len(bytes))) {
		return fmt.Sprintf("%d right", len(bytes))
	}
	return fmt.Sprintf("%d wrong", len(bytes))
}

// until waits until the condition, which is asked under the lock, holds.
func (p *peer) until(what string, condition func() bool) error {
	isLate := false
	timer := time.AfterFunc(patience, func() {
		p.lock.Lock()
		isLate = true
		p.lock.Unlock()
		p.news.Broadcast()
	})
	defer timer.Stop()
	p.lock.Lock()
	defer p.lock.Unlock()
	for !condition() {
		if isLate {
			return fmt.Errorf("%s did not come", what)
		}
		p.news.Wait()
	}
	return nil
}

func (p *peer) change(do func()) {
	p.lock.Lock()
	do()
	p.lock.Unlock()
	p.news.Broadcast()
}

func (p *peer) take(source *webrtc.DataChannel) {
	entry := &channel{source: source}
	p.change(func() { p.channels[source.Label()] = entry })
	source.OnOpen(func() {
		stream, err := source.Detach()
		if err != nil {
			panic(err)
		}
		p.change(func() { entry.stream = stream })
		go p.read(entry, stream)
	})
}

func (p *peer) read(entry *channel, stream datachannel.ReadWriteCloser) {
	buffer := make([]byte, maxMessage) // without Detach pion ends a channel at 65,535 bytes
	for {
		n, isText, err := stream.ReadDataChannel(buffer)
		if err != nil {
			p.change(func() { entry.isClosed = true })
			return
		}
		name := nameOf(buffer[:n], isText)
		p.change(func() { entry.messages = append(entry.messages, name) })
	}
}

func (p *peer) find(label string) (*channel, error) {
	err := p.until("channel "+label, func() bool { return p.channels[label] != nil })
	return p.channels[label], err
}

func create(name string, isPassive bool) error {
	if old := peers[name]; old != nil {
		if err := old.connection.Close(); err != nil { // it also complains where the other side has closed before
			fmt.Fprintln(os.Stderr, "pion:", err)
		}
	}
	loggers := logging.NewDefaultLoggerFactory() // PION_LOG_TRACE=sctp and the like, apart from the answers
	loggers.Writer = os.Stderr
	settings := webrtc.SettingEngine{LoggerFactory: loggers}
	settings.DetachDataChannels()
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	if isPassive { // pion answers as active also to who is active, unless told
		if err := settings.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
			return err
		}
	}
	connection, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return err
	}
	p := &peer{connection: connection, channels: map[string]*channel{}}
	p.news = sync.NewCond(&p.lock)
	connection.OnDataChannel(p.take)
	peers[name] = p
	return nil
}

// describe sets the local description and gives it with all its candidates.
func (p *peer) describe(description webrtc.SessionDescription, err error) (string, error) {
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(p.connection)
	if err := p.connection.SetLocalDescription(description); err != nil {
		return "", err
	}
	<-gathered
	return p.connection.LocalDescription().SDP, nil
}

type channelOptions struct {
	Ordered           *bool   `json:"ordered"`
	MaxRetransmits    *uint16 `json:"maxRetransmits"`
	MaxPacketLifeTime *uint16 `json:"maxPacketLifeTime"`
	Protocol          *string `json:"protocol"`
}

func (p *peer) open(label string, options channelOptions) error {
	source, err := p.connection.CreateDataChannel(label, &webrtc.DataChannelInit{
		Ordered:           options.Ordered,
		MaxRetransmits:    options.MaxRetransmits,
		MaxPacketLifeTime: options.MaxPacketLifeTime,
		Protocol:          options.Protocol,
	})
	if err != nil {
		return err
	}
	p.take(source)
	return nil
}

func (p *peer) send(label string, sizes []json.RawMessage) error {
	entry, err := p.find(label)
	if err != nil {
		return err
	}
	if err := p.until(label+" open", func() bool { return entry.stream != nil }); err != nil {
		return err
	}
	for _, each := range sizes {
		var size int
		var text string
		if json.Unmarshal(each, &size) == nil {
			_, err = entry.stream.WriteDataChannel(pattern(size), false)
		} else if err = json.Unmarshal(each, &text); err == nil {
			_, err = entry.stream.WriteDataChannel([]byte(text), true)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func number(value *uint16) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(*value)
}

func (c *call) value(i int, target interface{}) error {
	if i >= len(c.Values) {
		return errors.New("a value is missing")
	}
	return json.Unmarshal(c.Values[i], target)
}

func answer(c *call) (interface{}, error) {
	var name, text string
	if err := c.value(0, &name); err != nil {
		return nil, err
	}
	if c.Name == "create" {
		var options struct {
			Passive bool `json:"passive"`
		}
		if len(c.Values) > 1 {
			if err := c.value(1, &options); err != nil {
				return nil, err
			}
		}
		return nil, create(name, options.Passive)
	}
	p := peers[name]
	if p == nil {
		return nil, errors.New("no such peer")
	}
	if c.Name == "offer" {
		return p.describe(p.connection.CreateOffer(nil))
	}
	if c.Name == "close" {
		return nil, p.connection.Close()
	}
	if err := c.value(1, &text); err != nil { // a description or a label
		return nil, err
	}
	switch c.Name {
	case "answer":
		offer := webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: text}
		if err := p.connection.SetRemoteDescription(offer); err != nil {
			return nil, err
		}
		return p.describe(p.connection.CreateAnswer(nil))
	case "accept":
		return nil, p.connection.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: text})
	case "open":
		var options channelOptions
		if err := c.value(2, &options); err != nil {
			return nil, err
		}
		return nil, p.open(text, options)
	case "send":
		var sizes []json.RawMessage
		if err := c.value(2, &sizes); err != nil {
			return nil, err
		}
		return nil, p.send(text, sizes)
	}

	entry, err := p.find(text)
	if err != nil {
		return nil, err
	}
	switch c.Name {
	case "describe":
		return fmt.Sprintf("%t %s %s %s", entry.source.Ordered(), number(entry.source.MaxRetransmits()),
			number(entry.source.MaxPacketLifeTime()), entry.source.Protocol()), nil
	case "messages":
		var count int
		if err := c.value(2, &count); err != nil {
			return nil, err
		}
		err := p.until(fmt.Sprintf("message %d on %s", count, text), func() bool { return len(entry.messages) >= count })
		p.lock.Lock()
		defer p.lock.Unlock()
		if err != nil {
			err = fmt.Errorf("%w, only %d", err, len(entry.messages))
		}
		return append([]string{}, entry.messages...), err
	case "closeChannel":
		if err := p.until(text+" open", func() bool { return entry.stream != nil }); err != nil {
			return nil, err
		}
		return nil, entry.stream.Close()
	case "closed":
		err := p.until("the end of "+text, func() bool { return entry.isClosed })
		return p.connection.ConnectionState().String(), err
	}
	return nil, errors.New("unknown call")
}

func main() {
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		var c call
		reply := map[string]interface{}{}
		if err := json.Unmarshal(line, &c); err != nil {
			reply["error"] = err.Error()
		} else if result, err := answer(&c); err != nil {
			reply["error"] = err.Error()
		} else {
			reply["result"] = result
		}
		encoded, err := json.Marshal(reply)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(encoded))
	}
}
