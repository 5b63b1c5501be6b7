package budget_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/levcontacts/levcontacts/api/budget"
	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/work"
)

// client asks a sandbox, which counts for itself, in turns the budget gives.
type client struct {
	t       *testing.T
	service http.Handler
	budget  *budget.Budget
}

func (c *client) do(endpoint string, p work.Priority, method, path, body string) []byte {
	if err := c.budget.Wait(c.t.Context(), endpoint, p); err != nil {
		c.t.Error(err)
		return nil
	}
	time.Sleep(50 * time.Millisecond)
	r := httptest.NewRequestWithContext(c.t.Context(), method, sandbox.BasePath+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer lev_sk_test")
	r.Header.Set("X-Origin-App", "levcontacts")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	c.service.ServeHTTP(w, r)
	time.Sleep(150 * time.Millisecond)
	if w.Code != http.StatusOK {
		c.t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w.Body.Bytes()
}

// pass reads the list completely and returns how many contacts and requests that was.
func (c *client) pass() (contacts, requests int) {
	p, query := work.Screen, url.Values{"limit": {"50"}, "fields": {"email"}}
	for {
		var answer struct {
			Data       []struct{ ID int64 }
			Pagination struct {
				HasMore    bool   `json:"has_more"`
				NextCursor string `json:"next_cursor"`
			}
		}
		if err := json.Unmarshal(c.do("list", p, http.MethodGet, "/contacts?"+query.Encode(), ""), &answer); err != nil {
			c.t.Error(err)
			return contacts, requests
		}
		requests++
		contacts += len(answer.Data)
		if !answer.Pagination.HasMore {
			return contacts, requests
		}
		p, query = work.Index, url.Values{"limit": {"200"}, "fields": {"email"}, "cursor": {answer.Pagination.NextCursor}}
	}
}

func TestSandboxNeverRefuses(t *testing.T) {
	t.Parallel()
	for _, tier := range []string{"free", "standard", "enterprise"} {
		for _, contacts := range []int{100, 5_000, 20_000} {
			for _, programs := range []int{1, 2} {
				t.Run(fmt.Sprintf("%s, %d contacts, %d programs", tier, contacts, programs), func(t *testing.T) {
					t.Parallel()
					folder := t.TempDir()
					synctest.Test(t, func(t *testing.T) { askSandbox(t, tier, contacts, programs, folder) })
				})
			}
		}
	}
}

func askSandbox(t *testing.T, tier string, contacts, programs int, folder string) {
	service, err := sandbox.New(sandbox.Options{Contacts: contacts, Tier: tier, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	limits, _ := budget.Tier(tier)
	stop := make(chan struct{})
	var passes, people sync.WaitGroup
	for range programs {
		c := &client{t: t, service: service, budget: budget.New(budget.Options{
			Path: filepath.Join(folder, "requests"), Limits: limits,
			OnAlone: func(err error) { t.Error(err) },
		})}
		passes.Go(func() {
			got, requests := c.pass()
			if least := (contacts + 199) / 200; got != contacts || requests < least || requests > least+1 {
				t.Errorf("read %d of %d contacts in %d requests, want %d and at most one more", got, contacts, requests, least)
			}
		})
		people.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				case <-time.After(17 * time.Second):
				}
				begin := time.Now()
				if i%2 == 0 {
					c.do("get", work.Screen, http.MethodGet, "/contacts/78", "")
				} else {
					c.do("update", work.Write, http.MethodPatch, "/contacts/78", fmt.Sprintf(`{"title":"Title %d"}`, i))
				}
				// Two programs make seven such requests a minute, less than anybody's limit.
				if d := time.Since(begin); d > 200*time.Millisecond+blink {
					t.Errorf("the person waited %v behind background work", d)
				}
			}
		})
	}
	passes.Wait()
	close(stop)
	people.Wait()
}
