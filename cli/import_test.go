package cli

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// stoppedSession is a service whose second create is interrupted; sent says
// whether the request had gone out by then.
type stoppedSession struct {
	Session
	stop    context.CancelFunc
	sent    bool
	created int64
	entries []work.Entry
}

func (s *stoppedSession) Create(ctx context.Context, c work.Create) (work.Saved, error) {
	if s.created++; s.created == 1 {
		return work.Saved{Contact: person(101, "One", "")}, nil
	}
	s.stop()
	e := work.Entry{Kind: "create", Key: c.Key, Result: work.Failed, Changes: c.Values.Changes()}
	if s.sent {
		e.Result = work.Unknown
	}
	s.entries = append(s.entries, e)
	return work.Saved{}, &model.Error{Kind: model.KindCanceled, Message: "stopped before the response came", Cause: ctx.Err()}
}

func (s *stoppedSession) KnowLimits(context.Context) {}

func (s *stoppedSession) Estimate(int, work.Priority) time.Duration { return 0 }

func (s *stoppedSession) History(ctx context.Context, _ int) ([]work.Entry, error) {
	return s.entries, ctx.Err()
}

// A row that was never sent when the import was interrupted was not tried. One
// that was sent may have been made.
func TestImportInterrupted(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		sent      bool
		row, said string
	}{
		{"while it waited", false, "", "1 of 3 rows created, 0 there already, 0 failed, 2 not tried"},
		{"while it was sent", true, "2\tunsure\t\tTwo\tstopped before the response came, so the contact may have been made; the same command looks for it first\t\n",
			"1 of 3 rows created, 0 there already, 1 failed, 1 not tried"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			file, err := parseRows([]byte("contact_type,first_name\nsponsor,One\nsponsor,Two\nsponsor,Three\n"), "auto", mapping{})
			if err != nil {
				t.Fatal(err)
			}
			var out, said bytes.Buffer
			a := &App{Out: &out, Err: &said}
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			d, err := newDedupe(nil, time.Time{}, false)
			if err != nil {
				t.Fatal(err)
			}
			err = a.importRows(ctx, &stoppedSession{stop: stop, sent: test.sent}, file.rows, importOptions{apply: true, dedupe: d})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("the error is %v", err)
			}
			if want := "row\tresult\tid\tname\tmessage\trequest_id\n1\tcreated\t101\tOne\t\t\n" + test.row; out.String() != want {
				t.Errorf("the results are\n%swant\n%s", out.String(), want)
			}
			if !strings.Contains(said.String(), test.said) {
				t.Errorf("it says %q, want %q", said.String(), test.said)
			}
		})
	}
}
