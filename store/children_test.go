package store

import (
	"context"
	cryptorand "crypto/rand"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// children are the other running programs of the tests, by name.
func children() map[string]func(ctx context.Context, args []string) error {
	return map[string]func(context.Context, []string) error{
		"pass":   childPass,
		"write":  childWrite,
		"run":    childRun,
		"hammer": childHammer,
		"files":  childFiles,
	}
}

// childPass walks over a list of args[1] pages of 50, args[2] being the
// generation of the rows, as the program does: it resumes where the last one
// was killed. It says "page" after each page and "done" at the end.
func childPass(ctx context.Context, args []string) error {
	c, err := OpenCache(ctx, args[0], testIdentity(), testTime)
	if err != nil {
		return err
	}
	pages, _ := strconv.Atoi(args[1])
	gen, _ := strconv.Atoi(args[2])
	info, err := c.Info(ctx)
	if err != nil {
		return err
	}
	p := info.Sync
	if p.Number == 0 {
		p, err = c.BeginSync(ctx)
	} else {
		p, err = c.ResumeSync(ctx, p.Number)
	}
	if err != nil {
		return err
	}
	page, _ := strconv.Atoi(p.Cursor)
	for ; page < pages && !p.Done; page++ {
		first := int64(page)*50 + 1
		mine, err := c.SavePage(ctx, PageWrite{Sync: p.Number, Contacts: people(gen, span(first, first+49)...),
			NextCursor: strconv.Itoa(page + 1), Total: pages * 50, Done: page == pages-1})
		if err != nil || !mine {
			return errors.Join(err, fmt.Errorf("page %d: mine %v", page, mine))
		}
		fmt.Println("page", page)
	}
	if _, err := c.FinishSync(ctx, p.Number, testTime()); err != nil {
		return err
	}
	fmt.Println("done")
	return c.Close()
}

// childWrite keeps a draft open, begins a write and says their ids.
func childWrite(ctx context.Context, args []string) error {
	s, err := OpenState(ctx, args[0], testIdentity(), testTime, cryptorand.Text)
	if err != nil {
		return err
	}
	d := work.Draft{ID: "typed", Kind: work.DraftCreate, Open: true, Values: model.Draft{model.FieldLastName: "Chen"}}
	if err := s.SaveDraft(ctx, d); err != nil {
		return err
	}
	e, err := s.Begin(ctx, work.Entry{Kind: work.KindCreate, DraftID: d.ID, Name: "Chen"}, Claim{})
	if err != nil {
		return err
	}
	fmt.Println(d.ID)
	fmt.Println(e.ID)
	waitForEnd()
	return s.Close()
}

// childRun claims items of the run args[1] one by one and "sends" each: begins,
// says "contact key", finishes. It continues until nothing is left.
func childRun(ctx context.Context, args []string) error {
	s, err := OpenState(ctx, args[0], testIdentity(), testTime, cryptorand.Text)
	if err != nil {
		return err
	}
	for {
		items, err := s.NextItems(ctx, args[1], 1)
		if err != nil {
			return err
		}
		if len(items) == 0 {
			return s.Close()
		}
		it := items[0]
		var e work.Entry
		if it.State == work.ItemSent {
			e, err = s.ClaimEntry(ctx, it.EntryID)
		} else {
			e, err = s.Begin(ctx, work.Entry{Kind: work.KindUpdate, ContactID: it.ContactID, Changes: it.Patch.Changes(), Run: args[1]}, Claim{})
		}
		if err != nil {
			return err
		}
		fmt.Println(it.ContactID, e.Key)
		if err := s.Finish(ctx, e.ID, Outcome{Result: work.Done, Status: 200}); err != nil {
			return err
		}
	}
}

// childHammer uses cache and state as hard as it can together with others:
// args are the two folders, a seed and the number of rounds.
func childHammer(ctx context.Context, args []string) error {
	seed, _ := strconv.ParseUint(args[2], 10, 64)
	rounds, _ := strconv.Atoi(args[3])
	rnd := rand.New(rand.NewPCG(seed, 0))
	c, err := OpenCache(ctx, args[0], testIdentity(), testTime)
	if err != nil {
		return err
	}
	s, err := OpenState(ctx, args[1], testIdentity(), testTime, cryptorand.Text)
	if err != nil {
		return err
	}
	var pass Sync
	for i := range rounds {
		if pass.Number == 0 {
			if pass, err = c.BeginSync(ctx); err != nil {
				return err
			}
		}
		mine, err := c.SavePage(ctx, PageWrite{Sync: pass.Number, Contacts: people(i, span(1, 40)...), Total: 40, Done: true})
		if err == nil && mine && rnd.IntN(2) == 0 {
			_, err = c.FinishSync(ctx, pass.Number, testTime())
			if errors.Is(err, ErrSyncLost) {
				err = nil
			}
			mine = false
		}
		if !mine {
			pass = Sync{}
		}
		if err := errors.Join(err, c.Put(ctx, people(i, rnd.Int64N(40)+1)...)); err != nil {
			return err
		}
		d := work.Draft{ID: fmt.Sprint(seed, i), Kind: work.DraftEdit, Open: true, ContactID: int64(i), Values: model.Draft{model.FieldTitle: args[2]}}
		if err := s.SaveDraft(ctx, d); err != nil {
			return err
		}
		e, err := s.Begin(ctx, work.Entry{Kind: work.KindUpdate, ContactID: int64(i), DraftID: d.ID}, Claim{})
		if err != nil {
			return err
		}
		if err := s.Finish(ctx, e.ID, Outcome{Result: work.Done}); err != nil {
			return err
		}
		if err := s.SetFact(ctx, "round", strconv.Itoa(i)); err != nil {
			return err
		}
	}
	return errors.Join(c.Close(), s.Close())
}

// childFiles writes both databases under a umask that hides nothing, and says
// "ready" while they are open.
func childFiles(ctx context.Context, args []string) error {
	hideNothing()
	c, err := OpenCache(ctx, args[0], testIdentity(), time.Now)
	if err != nil {
		return err
	}
	s, err := OpenState(ctx, args[1], testIdentity(), time.Now, cryptorand.Text)
	if err != nil {
		return err
	}
	err = s.SaveDraft(ctx, work.Draft{ID: "d", Kind: work.DraftCreate})
	if err := errors.Join(err, c.Put(ctx, people(1, 1)...)); err != nil {
		return err
	}
	fmt.Println("ready")
	waitForEnd()
	return errors.Join(c.Close(), s.Close())
}
