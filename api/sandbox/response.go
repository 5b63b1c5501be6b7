package sandbox

import (
	"bytes"
	"compress/gzip"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// smallest is the size from which a response is compressed, in bytes.
const smallest = 512

// deliver sends a response, late or not at all where the options and faults say so.
func (s *Server) deliver(w http.ResponseWriter, c *call, a answer) {
	if wait := s.options.Latency + c.plan.delay; wait > 0 {
		if err := s.options.Sleep(c.request.Context(), wait); err != nil {
			cut(w)
			return
		}
	}
	if c.cuts() {
		cut(w)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	if names := c.plan.spoiled(); names != "" {
		h.Set("X-Sandbox-Fault", names)
	}
	if c.plan.has(faultWrongType) {
		h.Set("Content-Type", "text/plain; charset=utf-8")
	}
	if a.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(a.retryAfter))
	}
	if a.allow != "" {
		h.Set("Allow", a.allow)
	}
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Encoding")
	body := a.body
	if len(body) >= smallest && takesGzip(c.request) {
		body = s.compress(body)
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	if c.plan.has(faultTruncated) {
		// An error of a write means that the client is gone, and there is no one to tell.
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(body)
}

// takesGzip reads Accept-Encoding.
func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, params, _ := strings.Cut(part, ";")
		if coding = strings.TrimSpace(coding); coding != "gzip" && coding != "*" {
			continue
		}
		q, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		return !ok || err == nil && weight > 0
	}
	return false
}

func (s *Server) compress(body []byte) []byte {
	var b bytes.Buffer
	z, ok := s.writers.Get().(*gzip.Writer)
	if ok {
		z.Reset(&b)
	} else {
		z, _ = gzip.NewWriterLevel(&b, gzip.BestSpeed) // the level is valid
	}
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	s.writers.Put(z)
	return b.Bytes()
}

// cut ends the connection without a response, with a reset where the connection can do that.
func cut(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
			_ = conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}
