package browse

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// A key and its frame cost the same over a hundred contacts and a million.
func BenchmarkKeyToFrame(b *testing.B) {
	for _, n := range []int{100, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f, clock := newFake(0), uitest.NewClock()
			f.Opening = work.Opening{Info: uitest.Synced(n), Rows: make([]model.Packed, n)}
			for i := range f.Opening.Rows {
				f.Opening.Rows[i] = uitest.Person(i).Pack()
			}
			m := New(Options{Backend: f, Now: clock.Now, After: clock.After, Keys: uitest.Keys(Actions()...), Theme: theme.Pick("dark", true)})
			m.SetSize(screen.Rect{Y: 2, W: 120, H: 36}, 0)
			uitest.Run(m.contacts.Init(), func(msg tea.Msg) { m.Update(msg) })
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				m.Update(uitest.Press([]string{"j", "k"}[i%2]))
				m.View(Look{})
				m.Status(120, m.Activity())
			}
		})
	}
}
