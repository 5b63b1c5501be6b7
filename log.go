package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"strings"

	"levcontacts/api"
	"levcontacts/config"
	"levcontacts/internal/redact"
	"levcontacts/model"
)

// requestLog writes what --log-file asks for: a line of JSON for every request,
// without query, header, body or anything else that could be personal. The
// zero requestLog writes nothing.
type requestLog struct {
	log  *slog.Logger
	file io.Closer
}

// openLog appends to a file that only this person can read.
func openLog(path string, r *redact.Redactor) (*requestLog, error) {
	if path == "" {
		return &requestLog{}, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("log file: %w", err)
	}
	return &requestLog{log: newLogger(f, r), file: f}, nil
}

// logTries is the log for requests that only try a key.
func logTries(path string, key config.Token) (func(api.Exchange), func() error, error) {
	l, err := openLog(path, redact.New(key.Reveal()))
	if err != nil {
		return nil, nil, err
	}
	return l.exchange, l.close, nil
}

// newLogger redacts every text on its way out, whoever logs it.
func newLogger(w io.Writer, r *redact.Redactor) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Value.Kind() == slog.KindString {
				a.Value = slog.StringValue(r.Redact(a.Value.String()))
			}
			return a
		},
	}))
}

func (l *requestLog) exchange(e api.Exchange) {
	if l.log == nil {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", e.Method), slog.String("path", pathTemplate(e.Path)), slog.String("endpoint", e.Endpoint),
		slog.Int("attempt", e.Attempt), slog.Int("status", e.Status), slog.Int64("ms", e.Duration.Milliseconds()),
	}
	if e.RequestID != "" {
		attrs = append(attrs, slog.String("request_id", e.RequestID))
	}
	level := slog.LevelInfo
	if e.Kind != model.KindUnknown {
		level = slog.LevelWarn
		attrs = append(attrs, slog.String("problem", e.Kind.String()))
	}
	l.log.LogAttrs(context.Background(), level, "request", attrs...)
}

func (l *requestLog) problem(text string) {
	if l.log != nil {
		l.log.Warn("problem", "text", text)
	}
}

func (l *requestLog) close() error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}

// pathID is the id of a contact in a path.
var pathID = regexp.MustCompile(`/\d+(/|$)`)

// pathTemplate is a path without the query, which may hold what was searched
// for, and without ids.
func pathTemplate(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return pathID.ReplaceAllString(path, "/{id}$1")
}
