package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"sync"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/internal/redact"
	"github.com/levcontacts/levcontacts/model"
)

// requestLog writes what --log-file asks for: a line of JSON for every request,
// without query, header, body or anything else that could be personal. The
// zero requestLog writes nothing.
type requestLog struct {
	log  *slog.Logger
	file io.Closer
}

// openLog appends to a file that only the user can read. A link to a file is
// not followed, for someone else may have put it there; one to a device, such
// as /dev/stderr, is.
func openLog(path string, r *redact.Redactor) (*requestLog, error) {
	if path == "" {
		return &requestLog{}, nil
	}
	named, err := os.Lstat(path)
	link := err == nil && named.Mode()&os.ModeSymlink != 0
	if target, err := os.Stat(path); link && (err != nil || target.Mode().IsRegular()) {
		return nil, fmt.Errorf("log file: %s is a link, which is not followed", path)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("log file: %w", err)
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		err = f.Chmod(0o600)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("log file: %w", err), f.Close())
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
var pathID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/\d+(/|$)`) })

// pathTemplate is a path without the query, which may hold what was searched
// for, and without ids.
func pathTemplate(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return pathID().ReplaceAllString(path, "/{id}$1")
}
