package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// gauged is an app whose watch looks when a request of a test says so, and
// the clock and gauge that it then sees.
type gauged struct {
	app   *App
	out   bytes.Buffer
	now   time.Time
	gauge work.Quota
	looks chan time.Time
}

func newGauged(terminal bool) *gauged {
	g := &gauged{now: time.Date(2026, 3, 20, 15, 0, 0, 0, time.UTC), looks: make(chan time.Time)}
	g.app = &App{Err: &g.out, ErrTTY: terminal, Now: func() time.Time { return g.now }}
	return g
}

// during runs one request, in which the gauge stands so second by second.
func (g *gauged) during(t *testing.T, gauges ...work.Quota) string {
	t.Helper()
	g.out.Reset()
	asked := make(chan struct{})
	g.app.After = func(d time.Duration) <-chan time.Time {
		if d != time.Second {
			t.Errorf("it looks every %s", d)
		}
		asked <- struct{}{}
		return g.looks
	}
	s := &progress{Session: &fakeSession{
		gauge: func() work.Quota { return g.gauge },
		page: func(context.Context, work.PageRequest) (model.Page, error) {
			<-asked
			for _, next := range gauges {
				g.now, g.gauge = g.now.Add(time.Second), next
				g.looks <- g.now
				<-asked // it has looked, and waits again
			}
			return model.Page{}, nil
		},
	}, app: g.app}
	if _, err := s.Page(t.Context(), work.PageRequest{}); err != nil {
		t.Fatal(err)
	}
	return g.out.String()
}

// at is the gauge while a request waits for so many seconds after the start.
func (g *gauged) at(seconds int, frozen bool) work.Quota {
	return work.Quota{Until: time.Date(2026, 3, 20, 15, 0, seconds, 0, time.UTC), Frozen: frozen}
}

func TestWaitsAreToldOnce(t *testing.T) {
	t.Parallel()
	g := newGauged(false)
	limit, slow := "levcontacts: waiting for the rate limit, going on in ", "levcontacts: the service asked to slow down, going on in "
	for _, test := range []struct {
		name   string
		gauges []work.Quota
		want   string
	}{
		{"no wait", []work.Quota{{}, {}}, ""},
		{"rate limit", []work.Quota{g.at(41, false), g.at(41, false), g.at(41, false)}, limit + "40 s\n"},
		{"429", []work.Quota{{}, g.at(62, true), g.at(62, true)}, slow + "60 s\n"},
		{"a moment", []work.Quota{g.at(2, false), {}}, ""},
		{"two seconds", []work.Quota{g.at(3, false), {}}, limit + "2 s\n"},
		{"two waits", []work.Quota{g.at(3, true), g.at(3, true), g.at(3, true), g.at(9, false)}, slow + "2 s\n" + limit + "5 s\n"},
		{"longer than was said", []work.Quota{g.at(3, false), g.at(9, false), g.at(9, false), g.at(9, false)}, limit + "2 s\n" + limit + "6 s\n"},
		{"over", []work.Quota{g.at(0, true)}, ""},
		{"trying again", []work.Quota{{Failed: 1, Status: 503}, {Failed: 1, Status: 503}, {Failed: 2}},
			"levcontacts: the service answered 503, trying again\nlevcontacts: no answer came, trying again\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := newGauged(false).during(t, test.gauges...); got != test.want {
				t.Errorf("it says %q, want %q", got, test.want)
			}
		})
	}
}

// A page waits for lists, a change for what is about one contact, and a new
// contact, which may be looked for, for both.
func TestEachRequestHasItsWait(t *testing.T) {
	t.Parallel()
	short, long := time.Unix(1, 0), time.Unix(2, 0)
	lists := work.Quota{Until: long, Frozen: true, SaveUntil: short}
	saves := work.Quota{Until: short, SaveUntil: long, SaveFrozen: true}
	for _, test := range []struct {
		name   string
		of     wait
		gauge  work.Quota
		until  time.Time
		frozen bool
	}{
		{"page", listWait, lists, long, true}, {"page", listWait, saves, short, false},
		{"change", oneWait, lists, short, false}, {"change", oneWait, saves, long, true},
		{"create", anyWait, lists, long, true}, {"create", anyWait, saves, long, true},
	} {
		if until, frozen := test.of(test.gauge); !until.Equal(test.until) || frozen != test.frozen {
			t.Errorf("a %s waits until %v, as the service wishes %v", test.name, until, frozen)
		}
	}
}

// What failed before is not told as a failure of the next request.
func TestEarlierFailuresAreNotTold(t *testing.T) {
	t.Parallel()
	g := newGauged(false)
	g.gauge = work.Quota{Failed: 1, Status: 500}
	if got := g.during(t, g.gauge, work.Quota{}); got != "" {
		t.Errorf("it says %q", got)
	}
}

// On a terminal a wait counts down in one line, which is gone afterwards.
func TestWaitsCountDownOnATerminal(t *testing.T) {
	t.Parallel()
	g := newGauged(true)
	got := g.during(t, g.at(4, false), g.at(4, false), g.at(4, false))
	want := "\r\x1b[Klevcontacts: waiting for the rate limit, going on in 3 s" +
		"\r\x1b[Klevcontacts: waiting for the rate limit, going on in 2 s" +
		"\r\x1b[Klevcontacts: waiting for the rate limit, going on in 1 s\r\x1b[K"
	if got != want {
		t.Errorf("it writes %q, want %q", got, want)
	}
	g = newGauged(true)
	if got, want := g.during(t, work.Quota{Failed: 1}), "\r\x1b[Klevcontacts: no answer came, trying again\n"; got != want {
		t.Errorf("over the progress it writes %q, want %q", got, want)
	}
	g = newGauged(true)
	g.app.Width = 20
	if got := g.during(t, g.at(40, true)); !strings.HasPrefix(got, "\r\x1b[Klevcontacts: the se\r") {
		t.Errorf("on 20 columns it writes %q", got)
	}
}
