package browse

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/ui/screen"
	"levcontacts/ui/widget/text"
)

type keyMsg struct {
	own
	seq  uint64
	good bool
	err  error
}

func askKey(ctx context.Context, b Backend, seq uint64) tea.Cmd {
	return func() tea.Msg {
		good, err := b.ValidKey(ctx)
		return keyMsg{seq: seq, good: good, err: err}
	}
}

func (m *Model) checkKey() tea.Cmd {
	if m.keys.Busy() {
		return nil
	}
	ctx, seq := m.keys.Begin(m.o.Context, m.o.Now())
	return askKey(ctx, m.o.Backend, seq)
}

func (msg keyMsg) handle(m *Model) tea.Cmd {
	switch {
	case !m.keys.Take(msg.seq):
	case msg.err != nil:
		e := model.AsError("check the key", msg.err)
		m.emit(screen.Say{Message: screen.Message{Level: screen.Failure, Text: text.Error(e), Trace: text.Trace(e), Err: e}})
	case msg.good:
		m.say(screen.Good, "The key is good")
	default:
		m.say(screen.Failure, "The service does not accept the key")
	}
	return nil
}
