//go:build unix

package survive

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// inList is in the footer when no form, menu or question is open.
const inList = "q quit"

// openForm comes to the form or field that the life types into.
func (l *life) openForm(p *person) error {
	switch l.kind {
	case work.DraftCreate:
		return p.do().press("n").wait("New contact", "choose").err
	case work.DraftEdit:
		return p.do().press("e").wait("Edit " + sarahName).err
	}
	return p.do().press("enter").wait("edit field").to(model.FieldTitle, "down").press("enter").wait("enter save   esc leave").err
}

// typingSteps are a person who fills in the form, a few letters at a time.
func (l *life) typingSteps() []step {
	var steps []step
	if l.kind == work.DraftField {
		held, _ := l.rig.Service.Contact(sarah)
		title, _ := held["title"].(string)
		return l.letters(model.FieldTitle, title, " "+l.word(4+l.random.IntN(6)))
	}
	if l.kind == work.DraftCreate {
		steps = append(steps, step{"choose the type", func(p *person) error {
			l.typing.key(model.FieldType, model.TypeLender)
			return p.do().press("space").wait("< lender >").then(l.saw).err
		}})
	}
	for _, field := range l.fields() {
		text := l.word(5 + l.random.IntN(9))
		if field == model.FieldEmail {
			text += "@example.com"
		}
		steps = append(steps, step{"go to " + field.Name(), func(p *person) error {
			if err := p.toField(field.Def().Label, "tab"); err != nil || l.kind == work.DraftCreate {
				return err
			}
			before := fieldLine(p.Screen(), field)
			l.typing.key(field, "")
			return p.do().press("ctrl+x").then(func() error {
				return p.WaitFunc("the field to be emptied", func(s string) bool { return fieldLine(s, field) != before })
			}).then(l.saw).err
		}})
		steps = append(steps, l.letters(field, "", text)...)
	}
	return steps
}

// fields are some of the form, in its order; of a new contact always the name
// and the address by which it can be found again.
func (l *life) fields() []model.FieldID {
	if l.kind == work.DraftCreate {
		return []model.FieldID{model.FieldFirstName, model.FieldLastName, model.FieldEmail}
	}
	all := []model.FieldID{model.FieldLastName, model.FieldTitle, model.FieldDepartment, model.FieldCity}
	l.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	some := all[:1+l.random.IntN(3)]
	slices.Sort(some)
	return some
}

// letters types text behind what stands in a field, one to three at a time.
func (l *life) letters(field model.FieldID, before, text string) []step {
	var steps []step
	for done := 0; done < len(text); {
		n := min(1+l.random.IntN(3), len(text)-done)
		part, so, pause := text[done:done+n], text[:done+n], time.Duration(20+l.random.IntN(140))*time.Millisecond
		from := done
		steps = append(steps, step{"type into " + field.Name(), func(p *person) error {
			for i := range part {
				l.typing.key(field, before+text[:from+i+1])
			}
			if strings.TrimSpace(so) == "" { // a blank at the end is not to be seen
				return p.Send(part)
			}
			return p.do().send(part).until(field.Name()+" with "+so, func(s string) bool {
				return strings.Contains(fieldLine(s, field), strings.TrimSpace(so))
			}).then(l.saw).then(func() error {
				time.Sleep(pause) // a typist
				return nil
			}).err
		}})
		done += n
	}
	return steps
}

func (l *life) saw() error {
	l.typing.saw(time.Now())
	return nil
}

// word is a word that nobody's data has.
func (l *life) word(n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = byte('a' + l.random.IntN(26))
	}
	return "Q" + string(text)
}

// savingSteps are what follows when all is typed; the last is the save itself.
func (l *life) savingSteps() []step {
	save := step{"save", func(p *person) error {
		if l.kind == work.DraftField {
			l.shown = append(l.shown, sentAs(l.typing.last()))
		}
		if err := p.Press("enter"); err != nil {
			return err
		}
		_, err := p.saveEnds("Is this the contact?", "Not sent", "may or may not have been saved", mayExist)
		return err
	}}
	if l.kind == work.DraftField {
		return []step{save}
	}
	preview := step{"look at what will change", func(p *person) error {
		shown, err := p.preview()
		if err != nil {
			return err
		}
		if want := sentAs(l.typing.last()); !reflect.DeepEqual(shown, want) {
			return fmt.Errorf("the preview shows %v, typed was %v", shown, want)
		}
		l.shown = append(l.shown, shown)
		return nil
	}}
	return []step{preview, save}
}

// sentAs is what a form is sent as.
func sentAs(d model.Draft) map[string]any {
	body := map[string]any{}
	for field, text := range d {
		body[field.Name()] = text
		if text == "" {
			body[field.Name()] = nil
		}
	}
	return body
}

// preview asks to save, and reads what will be sent off the screen.
func (p *person) preview() (body map[string]any, err error) {
	if err := p.do().press("ctrl+s").wait("show JSON").press("J").wait("· JSON").err; err != nil {
		return nil, err
	}
	var text strings.Builder
	inside := false
	for line := range strings.Lines(p.Screen()) {
		if parts := strings.Split(line, "│"); len(parts) > 2 { // a box over the list
			line = parts[1]
		}
		line = strings.TrimSpace(line)
		inside = inside || line == "{"
		if inside {
			text.WriteString(line)
		}
		if line == "}" {
			break
		}
	}
	if err := json.Unmarshal([]byte(text.String()), &body); err != nil {
		return nil, fmt.Errorf("%w in what is shown as JSON:\n%s", err, p.Screen())
	}
	return body, nil
}

// findDraft is the person who finds what was typed, where it was typed.
func (l *life) findDraft(p *person, draft model.Draft) error {
	// The last row too: the first frames of a program are not drawn whole at once.
	wait := []string{"Edit ", formOpen}
	switch l.kind {
	case work.DraftCreate:
		wait = []string{"New contact", formOpen}
	case work.DraftField:
		wait = []string{fieldOpen}
	}
	for field, text := range draft {
		if words := strings.Fields(text); len(words) > 0 && field != model.FieldType {
			wait = append(wait, words[len(words)-1])
		}
	}
	return p.do().wait(wait...).gone(inList).err
}

// saveAgain saves what was found, and answers the question whether it was saved
// before.
func (l *life) saveAgain(p *person, draft model.Draft) error {
	l.tally.add("saved at the next start")
	want := sentAs(draft)
	if l.kind == work.DraftField {
		l.shown = append(l.shown, want) // which is what findDraft has seen
	} else {
		if l.kind == work.DraftCreate {
			if err := l.fillType(p, draft); err != nil {
				return err
			}
			want[model.FieldType.Name()] = model.TypeLender
		}
		shown, err := p.preview()
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(shown, want) {
			return fmt.Errorf("the preview shows %v, found was %v, on the disk is %v", shown, want, draft)
		}
		l.shown = append(l.shown, shown)
	}
	if err := p.Press("enter"); err != nil {
		return err
	}
	said, err := p.saveEnds("Is this the contact?", mayExist)
	if err == nil && said == mayExist { // said once: to save again is the answer
		l.tally.add("told that it may exist")
		if err := p.do().press("ctrl+s").wait("show JSON").press("enter").err; err != nil {
			return err
		}
		said, err = p.saveEnds("Is this the contact?")
	}
	if err == nil && said == "Is this the contact?" {
		l.tally.add("asked whether it was created")
		if err := l.candidate(p); err != nil {
			return err
		}
		err = p.do().press("enter").wait("That is the contact you created", inList).err
	}
	return err
}

// saveEnds waits until a save, which goes on behind the list, has ended well or
// one of the texts is there, and says which.
func (p *person) saveEnds(orElse ...string) (said string, err error) {
	return p.either(append(orElse, "✓ saved: ", "✓ Created", "had these values already", "✓ That is the contact")...)
}

// What the form says of a create that may have arrived, and the question about a
// change that did not.
const (
	mayExist      = "We never got an answer, so the contact may already exist"
	didNotArrive  = "did not arrive"
	nothingResent = "Nothing is re-sent until you choose"
)

// candidate looks at the question whether a contact is the one that was created:
// the first answer is that contact, and nothing is asked twice.
func (l *life) candidate(p *person) error {
	sent := l.rig.applied("create")
	if l.asked++; l.asked > 1 || len(sent) == 0 {
		return fmt.Errorf("%d creates were carried out, and question %d is\n%s", len(sent), l.asked, p.Screen())
	}
	var body map[string]any
	if err := json.Unmarshal(sent[0].Body, &body); err != nil {
		return err
	}
	for line := range strings.Lines(p.Screen()) {
		if strings.Contains(line, "▌") && strings.Contains(line, text(body["first_name"])) && strings.Contains(line, text(body["last_name"])) {
			return nil
		}
	}
	return fmt.Errorf("the first answer is not %v:\n%s", body, p.Screen())
}

// fillType chooses a type where the life ended before one was kept.
func (l *life) fillType(p *person, draft model.Draft) error {
	if draft[model.FieldType] != "" {
		return nil
	}
	return p.do().to(model.FieldType, "tab").press("space").wait("< lender >").err
}

// putOff leaves what was found as a draft. The word about it may be covered at
// once by what became of the write that was cut off.
func (l *life) putOff(p *person, _ model.Draft) error {
	l.tally.add("put off at the next start")
	if err := p.Press("esc"); err != nil {
		return err
	}
	said, err := p.either("What you typed is not saved", inList, nothingResent)
	if err == nil && said == "What you typed is not saved" {
		if err = p.Press("l"); err == nil {
			_, err = p.either(inList, nothingResent)
		}
	}
	return err
}

// told waits for the word about a create that did not arrive: a new contact may
// be in the list a little later only, so it stays open.
func (l *life) told(p *person, unsure []work.Entry) error {
	if len(unsure) == 0 || l.kind != work.DraftCreate || len(l.rig.applied("create")) > 0 {
		return nil
	}
	l.mayStayOpen = true
	return p.WaitFor("We never got a response for the new contact", "so the contact may already exist")
}

// settle waits until the journal knows how every write ended, and answers what
// is asked about it.
func (l *life) settle(ctx context.Context, p *person) error {
	st, err := l.rig.state(ctx, l.rig.stateDir())
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	for end := time.Now().Add(patience); ; time.Sleep(30 * time.Millisecond) {
		open, err := unsettled(ctx, st)
		if err != nil || len(open) == 0 || l.mayStayOpen {
			return err
		}
		if s := p.Screen(); strings.Contains(s, didNotArrive) && strings.Contains(s, nothingResent) {
			if err := l.decide(p); err != nil {
				return err
			}
		}
		if strings.Contains(p.Screen(), "Is one of these the contact you created") {
			l.tally.add("asked which contact was created")
			if err := l.candidate(p); err != nil {
				return err
			}
			if err := p.do().press("enter").gone("Is one of these").err; err != nil {
				return err
			}
		}
		if time.Now().After(end) {
			return fmt.Errorf("the journal still has %+v; the screen is\n%s", open, p.Screen())
		}
	}
}

// decide answers what is to become of a change that did not arrive: it is sent, or
// never sent.
func (l *life) decide(p *person) error {
	key := "s"
	if l.seed%2 == 0 {
		key = "f"
		l.forgotten = true
		l.sentBefore = len(l.rig.applied("patch"))
	}
	l.tally.add("answered " + key + " about a change that did not arrive")
	return p.do().press(key).gone(nothingResent).err
}

func unsettled(ctx context.Context, st *store.State) ([]work.Entry, error) {
	all, err := st.Entries(ctx, work.EntryFilter{})
	return slices.DeleteFunc(all, func(e work.Entry) bool { return !e.Result.Open() }), err
}
