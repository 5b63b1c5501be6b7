package contacts

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/uitest"
)

// stage runs the contacts below a list of 36 rows.
type stage struct {
	*uitest.Clock
	t      *testing.T
	m      *Model
	f      *uitest.Service
	view   Viewport
	said   []string
	events []screen.Event
}

func start(t *testing.T, f *uitest.Service, change ...func(*Options)) *stage {
	t.Helper()
	s := &stage{Clock: uitest.NewClock(), t: t, f: f, view: Viewport{Height: 36}}
	o := Options{Backend: f, Now: s.Now, After: s.After}
	for _, fn := range change {
		fn(&o)
	}
	s.m = New(o)
	s.m.SetHeight(s.view.Height)
	uitest.Run(s.m.Init(), s.send)
	return s
}

func pages(n int) func(*Options) { return func(o *Options) { o.PageSize = n } }

func indexed(o *Options) { o.Index = true }

func (s *stage) send(msg tea.Msg) { s.handle(s.m.Update(msg)) }

// handle does what a screen does with an answer.
func (s *stage) handle(cmd tea.Cmd, events []screen.Event) {
	uitest.Run(cmd, s.send)
	for _, e := range events {
		s.events = append(s.events, e)
		switch e := e.(type) {
		case screen.Say:
			s.said = append(s.said, e.Text)
		case MoreWanted:
			s.handle(s.m.More(s.view))
		case AtEnd:
			s.view.Offset = max(0, s.m.Rows().Len()-s.view.Height)
		}
	}
}

func (s *stage) toEnd() {
	s.view.Offset = max(0, s.m.Rows().Len()-s.view.Height)
	s.m.ToEnd()
	s.handle(s.m.More(s.view))
}

func (s *stage) search(text string) {
	q, err := search.Parse(text)
	if err != nil {
		s.t.Fatal(err)
	}
	s.handle(s.m.Search(q))
}

func (s *stage) clock() { s.handle(s.m.Tick()) }

func (s *stage) heard(text string) bool { return strings.Contains(strings.Join(s.said, "\n"), text) }

func happened[E screen.Event](s *stage) (last E, n int) {
	for _, e := range s.events {
		if is, ok := e.(E); ok {
			last = is
			n++
		}
	}
	return last, n
}

func (s *stage) wantLoaded(held, total int) {
	s.t.Helper()
	if s.m.Held() != held || s.m.Total() != total {
		s.t.Errorf("%d of %d loaded, want %d of %d", s.m.Held(), s.m.Total(), held, total)
	}
}

const aWhile = time.Minute
