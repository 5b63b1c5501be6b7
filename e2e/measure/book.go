//go:build unix

package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
)

const (
	// The least fills a screen, the most is what the sandbox can hold.
	leastContacts = 1000
	mostContacts  = 1_000_000

	cols, rowsOnScreen = 120, 40

	// firstRow is on the screen when the rows of the cache are: the first
	// contact of the sandbox.
	firstRow = "Sarah Chen"

	apiKey = "lev_sk_measure_0000000000000000"

	// fillPage is how many contacts are saved at once: more than the service
	// sends, to be ready sooner.
	fillPage = 10_000
)

// book is a profile with a full local copy, and the service that it is of.
type book struct {
	home    string
	base    string // URL of the service
	program string
	n       int
	bytes   int // of all contacts as they are held
	server  *http.Server
}

// newBook serves n contacts and fills a copy with them.
func newBook(ctx context.Context, home string, o options, n int) (*book, error) {
	service, err := sandbox.New(sandbox.Options{Contacts: n, Tier: "unlimited", Dialect: o.dialect, KeepRequests: 1})
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &book{
		home: home, base: "http://" + listener.Addr().String() + sandbox.BasePath, program: o.program, n: n,
		server: &http.Server{Handler: service, ReadHeaderTimeout: time.Minute},
	}
	go func() { _ = b.server.Serve(listener) }()
	if err := b.prepare(ctx); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *book) close() error { return b.server.Close() }

func (b *book) options() term.Options {
	return term.Options{
		Path: b.program, Cols: cols, Rows: rowsOnScreen, Timeout: 2 * time.Minute,
		Env: []string{
			"HOME=" + b.home, "XDG_CONFIG_HOME=" + b.configHome(),
			"XDG_STATE_HOME=" + filepath.Join(b.home, "state"), "XDG_CACHE_HOME=" + b.cacheHome(),
			"LEV_API_KEY=" + apiKey,
		},
	}
}

func (b *book) configHome() string { return filepath.Join(b.home, "config") }
func (b *book) cacheHome() string  { return filepath.Join(b.home, "cache") }
func (b *book) cacheDir() string   { return filepath.Join(b.cacheHome(), "levcontacts", "default") }

// prepare lets the program make its files, fills the cache as complete passes
// would have, and starts the program once more, so that the service has what it
// needs for a look at recent changes.
func (b *book) prepare(ctx context.Context) error {
	// Starting so often within a minute must not meet the limits of a tier.
	config := fmt.Sprintf("[profiles.default]\nbase_url = %q\nrate_limit = {account = 100000, endpoint = 100000}\n", b.base)
	dir := filepath.Join(b.configHome(), "levcontacts")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "config.toml"), []byte(config), 0o600); err != nil {
		return err
	}
	if err := b.once(ctx, firstRow); err != nil {
		return err
	}
	if err := b.fill(ctx); err != nil {
		return fmt.Errorf("fill the copy: %w", err)
	}
	return b.once(ctx, b.allLoaded())
}

// allLoaded is in the status line when the whole copy has been read.
func (b *book) allLoaded() string {
	return grouped(b.n) + " of " + grouped(b.n) + " loaded"
}

// once starts the program, waits for texts and quits.
func (b *book) once(ctx context.Context, texts ...string) error {
	t, err := term.Start(ctx, b.options())
	if err != nil {
		return err
	}
	defer t.Close()
	if err := t.WaitFor(texts...); err != nil {
		return err
	}
	if err := t.Press("q"); err != nil {
		return err
	}
	_, err = t.Wait()
	return err
}

// identity is whose the rows are, as the program itself has written it down.
func (b *book) identity(ctx context.Context) (id store.Identity, err error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.cacheDir(), "contacts.db")+"?mode=ro")
	if err != nil {
		return id, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var text string
	if err := db.QueryRowContext(ctx, "SELECT identity FROM meta").Scan(&text); err != nil {
		return id, err
	}
	var parts [2]string
	if err := json.Unmarshal([]byte(text), &parts); err != nil {
		return id, fmt.Errorf("identity %s: %w", text, err)
	}
	return store.Identity{BaseURL: parts[0], Account: parts[1]}, nil
}

// fill makes a complete pass over the service's list into the cache.
func (b *book) fill(ctx context.Context) (err error) {
	id, err := b.identity(ctx)
	if err != nil {
		return err
	}
	cache, err := store.OpenCache(ctx, b.cacheDir(), id, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cache.Close()) }()
	pass, err := cache.BeginSync(ctx)
	if err != nil {
		return err
	}
	l := lister{handler: b.server.Handler}
	page := store.PageWrite{Sync: pass.Number, Total: b.n}
	for !page.Done {
		if page.Contacts, err = l.next(ctx, fillPage); err != nil {
			return err
		}
		for _, c := range page.Contacts {
			b.bytes += len(c)
		}
		page.NextCursor, page.Done = l.cursor, l.end
		if _, err = cache.SavePage(ctx, page); err != nil {
			return err
		}
	}
	gone, err := cache.FinishSync(ctx, pass.Number, time.Now())
	if err != nil {
		return err
	}
	info, err := cache.Info(ctx)
	if err == nil && (info.Rows != b.n || len(gone) > 0) {
		err = fmt.Errorf("it has %d rows and lost %d, want %d", info.Rows, len(gone), b.n)
	}
	return err
}

// lister reads the list of a service in this process.
type lister struct {
	handler http.Handler
	cursor  string
	end     bool
}

// next gives n more contacts, fewer at the end.
func (l *lister) next(ctx context.Context, n int) ([]model.Packed, error) {
	out := make([]model.Packed, 0, n)
	for len(out) < n && !l.end {
		contacts, err := l.page(ctx)
		if err != nil {
			return nil, err
		}
		for _, c := range contacts {
			out = append(out, c.Pack())
		}
	}
	return out, nil
}

func (l *lister) page(ctx context.Context) ([]model.Contact, error) {
	query := url.Values{"limit": {strconv.Itoa(model.MaxLimit)}}
	if l.cursor != "" {
		query.Set("cursor", l.cursor)
	}
	request := httptest.NewRequestWithContext(ctx, http.MethodGet, sandbox.BasePath+"/build/contacts?"+query.Encode(), nil)
	request.Header.Set("Authorization", "Bearer "+apiKey)
	request.Header.Set("X-Origin-App", "measure")
	answer := httptest.NewRecorder()
	l.handler.ServeHTTP(answer, request)
	var page struct {
		Data       []model.Contact
		Pagination struct {
			More bool   `json:"has_more"`
			Next string `json:"next_cursor"`
		}
	}
	if answer.Code != http.StatusOK {
		return nil, fmt.Errorf("the list after cursor %q is answered with %d", l.cursor, answer.Code)
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &page); err != nil {
		return nil, fmt.Errorf("the list after cursor %q: %w", l.cursor, err)
	}
	l.cursor, l.end = page.Pagination.Next, !page.Pagination.More
	return page.Data, nil
}

// grouped is a number as the screen shows it: 1,284.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
