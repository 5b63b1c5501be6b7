//go:build unix

package survive

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// door is where the service is reached, and can be shut.
type door struct {
	addr    string // as soon as it was open once
	handler http.Handler

	mu     sync.Mutex
	server *http.Server
}

// open lets the service be reached, at the address it had before.
func (d *door) open() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	listener, err := net.Listen("tcp", d.addr)
	if err != nil {
		return err
	}
	d.addr = listener.Addr().String()
	server := &http.Server{Handler: d.handler, ReadHeaderTimeout: time.Minute}
	d.server = server
	go func() { _ = server.Serve(listener) }()
	return nil
}

// shut cuts every connection and accepts no other.
func (d *door) shut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	_ = d.server.Close()
}
