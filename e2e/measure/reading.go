//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

const (
	// readRatio is how much longer an export may take than a plain client needs
	// to walk the same pages.
	readRatio = 2.0
	readRuns  = 3
	// readMost is the largest number of contacts that are read anew.
	readMost = 100_000
)

// read measures an export of everything without a cache beside a plain client, in turns.
func (f *figures) read(ctx context.Context, b *book) error {
	if b.n > readMost {
		return nil
	}
	for range readRuns {
		began := time.Now()
		if err := b.walk(ctx); err != nil {
			return fmt.Errorf("plain client: %w", err)
		}
		f.plainRead = append(f.plainRead, time.Since(began))
		began = time.Now()
		peak, err := b.export(ctx)
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		f.export = append(f.export, time.Since(began))
		f.exportMemory = max(f.exportMemory, peak)
	}
	return nil
}

// export runs the program in a home without a cache; peak is its most memory in bytes.
func (b *book) export(ctx context.Context) (peak int64, err error) {
	home, err := os.MkdirTemp(b.home, "export-")
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, b.program, "export", "-o", filepath.Join(home, "contacts.csv"))
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+b.configHome(), "XDG_STATE_HOME="+home,
		"XDG_CACHE_HOME="+home, "LEV_API_KEY="+apiKey)
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%w: %s", err, out)
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak = int64(usage.Maxrss)
		if runtime.GOOS != "darwin" {
			peak <<= 10 // kilobytes elsewhere
		}
	}
	return peak, os.RemoveAll(home)
}

// walk reads all pages as a program of a few lines would.
func (b *book) walk(ctx context.Context) error {
	query := url.Values{"limit": {strconv.Itoa(model.MaxLimit)}}
	for rows := 0; ; {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.base+"/build/contacts?"+query.Encode(), nil)
		if err != nil {
			return err
		}
		request.Header.Set("Authorization", "Bearer "+apiKey)
		request.Header.Set("X-Origin-App", "measure")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		var page struct {
			Data       []map[string]any
			Pagination struct {
				More bool   `json:"has_more"`
				Next string `json:"next_cursor"`
			}
		}
		err = json.NewDecoder(answer.Body).Decode(&page)
		_ = answer.Body.Close()
		if err != nil {
			return err
		}
		rows += len(page.Data)
		if !page.Pagination.More {
			if rows != b.n {
				return fmt.Errorf("read %d of %d contacts", rows, b.n)
			}
			return nil
		}
		query.Set("cursor", page.Pagination.Next)
	}
}

// readRows are the lines of the table about reading everything.
func (f figures) readRows() []row {
	if len(f.export) == 0 {
		return nil
	}
	out := against("export of everything, beside a plain client", f.export, f.plainRead, readRatio)
	return []row{out, {what: "most memory of the export", ours: megabytes(f.exportMemory)}}
}
